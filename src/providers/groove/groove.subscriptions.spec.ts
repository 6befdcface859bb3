import { FakeGroove } from '../../../test/support/fake-groove.js';
import { HelpdeskError, HelpdeskNotConfiguredError } from '../../ticket-event/errors.js';
import type { SourceAccess, UpstreamSubscription } from '../../ticket-event/provider-adapter.js';
import { type HelpdeskParts, makeHelpdeskParts } from '../helpdesk-api/testing/helpdesk-parts.js';
import { GrooveAdapter } from './groove.adapter.js';
import { GrooveEnricher } from './groove.enricher.js';
import { GrooveSubscriptions } from './groove.subscriptions.js';

const HOOK = 'https://gateway.example.com/hooks/groove/a-secret-token';

describe('registrations at Groove', () => {
  let parts: HelpdeskParts;
  let groove: FakeGroove;
  let subscriptions: GrooveSubscriptions;
  let registered: UpstreamSubscription[];

  const start = async (tellsIds: boolean): Promise<void> => {
    parts = makeHelpdeskParts();
    groove = await FakeGroove.start({ tellsIds });
    subscriptions = new GrooveSubscriptions(parts.client);
    registered = [];
  };
  afterEach(async () => {
    await groove.stop();
    await parts.http.onApplicationShutdown();
  });

  const source = (token: string | undefined = groove.token): SourceAccess => ({
    id: '0197c3a0-0000-7000-8000-000000000002',
    name: 'Groove',
    settings: { api_url: groove.url },
    secrets: token === '' ? {} : { api_token: token },
  });
  const register = (nativeTypes: string[], token?: string): Promise<void> =>
    subscriptions.register({ hookUrl: HOOK, nativeTypes, isEverything: false }, source(token), (subscription) => {
      registered.push(subscription);
      return Promise.resolve();
    });
  const errorOf = (work: Promise<void>): Promise<unknown> => work.catch((error: unknown) => error);

  it('are one for each event', async () => {
    await start(false);
    await register(['ticket_started', 'note_added']);
    expect(groove.webhooks).toEqual([
      { id: '1', event: 'ticket_started', url: HOOK },
      { id: '2', event: 'note_added', url: HOOK },
    ]);
    expect(registered).toEqual([{ nativeType: 'ticket_started' }, { nativeType: 'note_added' }]);
  });

  it('are removed by their id where Groove tells it', async () => {
    await start(true);
    await register(['ticket_started', 'note_added']);
    expect(registered).toEqual([
      { id: '1', nativeType: 'ticket_started' },
      { id: '2', nativeType: 'note_added' },
    ]);
    await subscriptions.remove('1', source());
    expect(groove.webhooks).toEqual([{ id: '2', event: 'note_added', url: HOOK }]);
    // Somebody removed it by hand.
    await subscriptions.remove('1', source());
    expect(groove.asked.slice(-2)).toEqual(['DELETE /v1/webhooks/1', 'DELETE /v1/webhooks/1']);
  });

  it('that fail name the event, without a secret, and leave those before', async () => {
    await start(false);
    groove.misbehave(({ body }) =>
      (body as { event: string }).event === 'note_added' ? { status: 422, body: { error: HOOK } } : undefined,
    );
    const error = await errorOf(register(['ticket_started', 'note_added', 'agent_replied']));
    expect(error).toEqual(new HelpdeskError('Groove did not register note_added: it answered with HTTP 422.'));
    expect(registered).toEqual([{ nativeType: 'ticket_started' }]);
    expect(groove.heard).toHaveLength(2);
  });

  it('tell what is wrong with the token', async () => {
    await start(false);
    const refused = 'Groove did not register note_added: it refuses secrets.api_token (HTTP 401).';
    expect(await errorOf(register(['note_added'], 'wrong'))).toEqual(new HelpdeskError(refused));
    expect(await errorOf(register(['note_added'], ''))).toBeInstanceOf(HelpdeskNotConfiguredError);
    expect(await errorOf(subscriptions.remove('1', source('')))).toBeInstanceOf(HelpdeskNotConfiguredError);
  });

  it('are of events that the adapter understands', async () => {
    await start(false);
    const { nativeTypes } = new GrooveAdapter(new GrooveEnricher(parts.desk), subscriptions);
    const left = nativeTypes.filter((type) => !subscriptions.defaultTypes.includes(type));
    expect(left).toEqual(['ticket_state_changed']);
    expect(subscriptions.defaultTypes.every((type) => nativeTypes.includes(type))).toBe(true);
  });
});
