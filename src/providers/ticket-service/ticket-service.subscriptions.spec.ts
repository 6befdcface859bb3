import { FakeTicketService } from '../../../test/support/fake-ticket-service.js';
import { HelpdeskError, HelpdeskNotConfiguredError } from '../../ticket-event/errors.js';
import type { SourceAccess, UpstreamSubscription } from '../../ticket-event/provider-adapter.js';
import { type HelpdeskParts, makeHelpdeskParts } from '../helpdesk-api/testing/helpdesk-parts.js';
import { TicketServiceSubscriptions } from './ticket-service.subscriptions.js';

const HOOK = 'https://gateway.example.com/hooks/ticket-service/a-secret-token';

describe('registrations at a ticket service', () => {
  let parts: HelpdeskParts;
  let service: FakeTicketService;
  let subscriptions: TicketServiceSubscriptions;
  let registered: UpstreamSubscription[];

  beforeEach(async () => {
    parts = makeHelpdeskParts();
    service = await FakeTicketService.start();
    subscriptions = new TicketServiceSubscriptions(parts.client);
    registered = [];
  });
  afterEach(async () => {
    await service.stop();
    await parts.http.onApplicationShutdown();
  });

  const source = (settings: Record<string, unknown> = { api_url: service.url }): SourceAccess => ({
    id: '0197c3a0-0000-7000-8000-000000000002',
    name: 'Service',
    settings,
    secrets: { api_token: 'a-key' },
  });
  const register = (nativeTypes: string[], isEverything = false, of = source()): Promise<void> =>
    subscriptions.register({ hookUrl: HOOK, nativeTypes, isEverything }, of, (subscription) => {
      registered.push(subscription);
      return Promise.resolve();
    });

  it('are one for all events', async () => {
    await register(['ticket_opened', 'ping'], true);
    expect([...service.webhooks]).toEqual([['webhook_1', HOOK]]);
    expect(registered).toEqual([
      { id: 'webhook_1', nativeType: 'ticket_opened' },
      { id: 'webhook_1', nativeType: 'ping' },
    ]);
    expect(service.heard[0]?.headers.authorization).toBe('Bearer a-key');
  });

  it('name chosen events in the address, where the hook lets in no others', async () => {
    await register(['ticket_opened', 'ticket_closed']);
    expect([...service.webhooks.values()]).toEqual([`${HOOK}?only_events=ticket_opened,ticket_closed`]);
  });

  it('are removed by their id', async () => {
    await register(['ping']);
    await subscriptions.remove('webhook_1', source());
    expect(service.webhooks.size).toBe(0);
    await subscriptions.remove('webhook_1', source());
    expect(service.asked.slice(1)).toEqual([
      'DELETE /webhooks/unregister/webhook_1',
      'DELETE /webhooks/unregister/webhook_1',
    ]);
  });

  it('stand below base_url where there is no api_url, and then without the key', async () => {
    await register(['ping'], false, source({ base_url: `${service.url}/` }));
    expect(service.webhooks.size).toBe(1);
    expect(service.heard[0]?.headers).not.toHaveProperty('authorization');
  });

  it('without an id are registrations all the same', async () => {
    service.misbehave(() => ({ status: 201 }));
    await register(['ping']);
    expect(registered).toEqual([{ nativeType: 'ping' }]);
  });

  it('that fail name the events, without a secret', async () => {
    service.misbehave(() => ({ status: 500, body: { error: HOOK } }));
    const words = 'The ticket service did not register ticket_opened, ping: it answered with HTTP 500.';
    await expect(register(['ticket_opened', 'ping'])).rejects.toEqual(new HelpdeskError(words));
    expect(registered).toEqual([]);
  });

  it('need to know where the service is', async () => {
    await expect(register(['ping'], false, source({}))).rejects.toBeInstanceOf(HelpdeskNotConfiguredError);
  });
});
