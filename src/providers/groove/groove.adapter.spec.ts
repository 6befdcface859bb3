import { join } from 'node:path';
import type { InboundRequest } from '../../ticket-event/provider-adapter.js';
import { makeHelpdeskParts } from '../helpdesk-api/testing/helpdesk-parts.js';
import { describeProvider } from '../testing/describe-provider.js';
import { GrooveAdapter } from './groove.adapter.js';
import { GrooveEnricher } from './groove.enricher.js';
import { GrooveSubscriptions } from './groove.subscriptions.js';

const { client, desk } = makeHelpdeskParts();
const createAdapter = (): GrooveAdapter => new GrooveAdapter(new GrooveEnricher(desk), new GrooveSubscriptions(client));

describeProvider(createAdapter, {
  fixturesDir: join(__dirname, 'fixtures'),
  renameEvent: (request, nativeType): InboundRequest => ({
    ...request,
    headers: nativeType === undefined ? {} : { 'x-groove-event': nativeType },
  }),
});

/** Groove sends no delivery id, so the content has to tell a second delivery from a second happening. */
describe('the identity of a Groove event', () => {
  const ticket = {
    number: 9,
    title: 'Test Subject',
    state: 'opened',
    updated_at: '2017-12-14 20:17:57 +0530',
    tags: ['vip'],
    message_count: 1,
  };
  const message = { id: '1', body: 'Thanks', links: { ticket: { href: '/v1/tickets/9' } } };

  it.each([
    [
      'counters',
      { ...ticket, message_count: 2, interaction_count: 5, snoozed_until: '2018-01-01', search_summary: 'x' },
    ],
    ['the spelling of the time', { ...ticket, updated_at: '2017-12-14T14:47:57Z' }],
    ['a number as text', { ...ticket, number: '9' }],
    ['nulls', { ...ticket, assignee: null, app_url: '' }],
  ])('is the same whatever %s', (_what, other) => {
    expect(identityOf('ticket_opened', other)).toBe(identityOf('ticket_opened', ticket));
  });

  it.each([
    ['time of change', { ...ticket, updated_at: '2017-12-14 20:17:58 +0530' }],
    ['time of the state', { ...ticket, state_changed_at: '2017-12-14 20:17:57 +0530' }],
    ['state', { ...ticket, state: 'pending' }],
    ['title', { ...ticket, title: 'Test' }],
    ['ticket', { ...ticket, number: 10 }],
    ['tag', { ...ticket, tags: ['vip', 'billing'] }],
    ['priority', { ...ticket, priority: 'low' }],
    ['assignee', { ...ticket, assignee: 'agent@example.com' }],
    ['group', { ...ticket, assigned_group: 'Tier 2' }],
    ['mailbox', { ...ticket, mailbox: 'Inbox' }],
  ])('is another for another %s', (_what, other) => {
    expect(identityOf('ticket_opened', other)).not.toBe(identityOf('ticket_opened', ticket));
  });

  it('is another for another event of the same ticket', () => {
    expect(identityOf('ticket_tagged', ticket)).not.toBe(identityOf('ticket_opened', ticket));
  });

  it('tells four changes between two states apart', () => {
    const changes = ['opened', 'pending', 'opened', 'pending'].map((state, minute) => ({
      href: '/v1/tickets/9',
      state,
      ticket: { ...ticket, state, updated_at: `2017-12-14 20:0${minute}:00 UTC` },
    }));
    expect(new Set(changes.map((change) => identityOf('ticket_state_changed', change))).size).toBe(4);
  });

  it('tells two equal replies apart by their ids', () => {
    expect(identityOf('agent_replied', { ...message, id: '2' })).not.toBe(identityOf('agent_replied', message));
    expect(identityOf('agent_replied', { ...message, id: 1 })).toBe(identityOf('agent_replied', message));
  });
});

function identityOf(event: string, body: unknown): string | undefined {
  const request = { headers: { 'x-groove-event': event }, query: {}, body, rawBody: Buffer.alloc(0) };
  const [draft] = createAdapter().normalise(request);
  return draft?.identity.kind === 'content' ? draft.identity.value : undefined;
}
