import { join } from 'node:path';
import type { InboundRequest, SourceSettings } from '../../ticket-event/provider-adapter.js';
import type { Ticket, TicketEventDraft } from '../../ticket-event/ticket-event.js';
import { type Payload } from '../read-payload.js';
import { makeHelpdeskParts } from '../helpdesk-api/testing/helpdesk-parts.js';
import { describeProvider } from '../testing/describe-provider.js';
import { FaveoAdapter } from './faveo.adapter.js';
import { FaveoEnricher } from './faveo.enricher.js';

const { desk } = makeHelpdeskParts();
const makeAdapter = (): FaveoAdapter => new FaveoAdapter(new FaveoEnricher(desk));

const SETTINGS = {
  base_url: 'https://support.example.com/',
  departments: { 12: 'Billing' },
  statuses: { 9: 'On hold' },
  agents: { 1: 'Alex Agent', 7: 'Sam Agent' },
};

describeProvider(() => makeAdapter(), {
  fixturesDir: join(__dirname, 'fixtures'),
  source: sourceWith(SETTINGS),
  renameEvent: (request, nativeType): InboundRequest => ({
    ...request,
    body: { ...(request.body as Payload), event: nativeType },
  }),
});

const ticket = {
  id: '10',
  ticket_number: 'HDSK-AAAA-0010',
  user_id: '2',
  dept_id: '1',
  priority_id: '2',
  status: '1',
  created_at: '2022-06-16 07:52:32',
  updated_at: '2022-06-16 08:05:20',
  thread_count: '1',
  encrypted_id: 'eyJpdiI6IkFBQUEifQ==',
  first_thread: { id: '14', title: 'creating a ticket', body: '<p>ticket create</p>' },
};
const thread = { id: '22', ticket_id: '10', poster: 'support', body: '<p>reply</p>', ticket };

it('says which field should name the event', () => {
  expect(() => normalise({ ticket })).toThrow('The event name is missing: it is expected in the "event" field.');
});

/** Faveo sends no delivery id, so the content has to tell a second delivery from a second happening. */
describe('the identity of a Faveo event', () => {
  it.each([
    ['the encrypted id, which is random', { ...ticket, encrypted_id: 'eyJpdiI6IkJCQkIifQ==' }],
    ['counters', { ...ticket, thread_count: '2', isanswered: '1', lock_by: '1' }],
    ['the spelling of the time', { ...ticket, updated_at: '2022-06-16T08:05:20.000000Z' }],
    ['numbers for text', { ...ticket, id: 10, status: 1, priority_id: 2 }],
    ['nulls and zeros', { ...ticket, assigned_to: null, team_id: '0' }],
    ['the status before', { ...ticket, statuses: { id: '3', name: 'Closed' } }],
  ])('is the same whatever %s', (_what, other) => {
    expect(identityOf({ event: 'ticket_status_updated', ticket: other })).toBe(
      identityOf({ event: 'ticket_status_updated', ticket }),
    );
  });

  it.each([
    ['time of change', { ...ticket, updated_at: '2022-06-16 08:05:21' }],
    ['status', { ...ticket, status: '3' }],
    ['ticket', { ...ticket, id: '11' }],
    ['priority', { ...ticket, priority_id: '4' }],
    ['department', { ...ticket, dept_id: '2' }],
    ['assignee', { ...ticket, assigned_to: '1' }],
    ['requester', { ...ticket, user_id: '3' }],
    ['title', { ...ticket, first_thread: { title: 'another' } }],
  ])('is another for another %s', (_what, other) => {
    expect(identityOf({ event: 'ticket_status_updated', ticket: other })).not.toBe(
      identityOf({ event: 'ticket_status_updated', ticket }),
    );
  });

  it('is the same for a ticket in another place, and another for another event', () => {
    const moved = { event: 'ticket_department_updated', ticket };
    expect(identityOf({ event: 'ticket_department_updated', thread: ticket })).toBe(identityOf(moved));
    expect(identityOf({ event: 'ticket_assigned', ticket })).not.toBe(identityOf(moved));
  });

  it('tells Open, On hold and Open again apart', () => {
    const changes = ['1', '9', '1'].map((status, minute) => ({
      event: 'ticket_status_updated',
      ticket: { ...ticket, status, updated_at: `2022-06-16 08:0${minute}:00` },
    }));
    expect(new Set(changes.map(identityOf)).size).toBe(3);
  });

  it('tells two equal replies apart by their ids', () => {
    const reply = { event: 'ticket_reply', thread };
    expect(identityOf({ ...reply, thread: { ...thread, id: '23' } })).not.toBe(identityOf(reply));
    expect(identityOf({ ...reply, thread: { ...thread, id: 22, ticket: { ...ticket, encrypted_id: 'other' } } })).toBe(
      identityOf(reply),
    );
  });
});

describe("a Faveo source's settings", () => {
  const told = { ...ticket, status: '9', statuses: { id: '9', name: 'Parked', type: { name: 'open' } } };

  it.each<[string, Payload, Record<string, unknown>, Partial<Ticket>]>([
    [
      'Faveo’s defaults without settings',
      ticket,
      {},
      { group: 'Support', priority: { native: 'Normal', normal: 'medium' } },
    ],
    ['the settings before the defaults', ticket, { departments: { 1: 'First line' } }, { group: 'First line' }],
    [
      'a renamed id by its new name',
      ticket,
      { priorities: { 2: 'Emergency' }, statuses: { 1: 'Resolved' } },
      { priority: { native: 'Emergency', normal: 'urgent' }, status: { native: 'Resolved', normal: 'solved' } },
    ],
    ['a name of its own', ticket, { priorities: { 2: 'VIP' } }, { priority: { native: 'VIP' } }],
    ['the id where no name is known', { ...ticket, status: '9' }, {}, { status: { native: '9' } }],
    ['the status that the webhook names', told, {}, { status: { native: 'Parked', normal: 'open' } }],
    [
      'the settings before it',
      told,
      { statuses: { 9: 'On-Hold' } },
      { status: { native: 'On-Hold', normal: 'pending' } },
    ],
    [
      'an agent',
      { ...ticket, assigned_to: 7 },
      { agents: { 7: 'Sam Agent' } },
      { assignee: { id: '7', name: 'Sam Agent' } },
    ],
    [
      'nobody for what is no name',
      { ...ticket, assigned_to: 7 },
      { agents: { 7: { name: 'x' } } },
      { assignee: { id: '7' } },
    ],
    [
      'no settings for what are none',
      ticket,
      { departments: ['x'], statuses: 'x' },
      { group: 'Support', status: { native: 'Open', normal: 'open' } },
    ],
  ])('show %s', (_what, sent, settings, shown) => {
    expect(ticketOf(sent, settings)).toMatchObject(shown);
    expect({ ...ticketOf(sent, settings), ...shown }).toEqual(ticketOf(sent, settings));
  });

  it.each([
    ['https://support.example.com', 'https://support.example.com/thread/10'],
    ['https://support.example.com//', 'https://support.example.com/thread/10'],
    ['http://example.com/help/public/?a=b#c', 'http://example.com/help/public/thread/10'],
    ['javascript:alert(1)', undefined],
    ['https://user:password@example.com', undefined],
    ['support.example.com', undefined],
    [7, undefined],
    [undefined, undefined],
  ])('make links that begin with %p', (base_url, url) => {
    expect(ticketOf(ticket, { base_url })?.url).toBe(url);
  });
});

function sourceWith(settings: Record<string, unknown>): SourceSettings {
  return { id: '0190a000-0000-7000-8000-000000000000', name: 'Support', settings };
}

function normalise(body: Payload, settings: Record<string, unknown> = {}): TicketEventDraft[] {
  return makeAdapter().normalise({ headers: {}, query: {}, body, rawBody: Buffer.alloc(0) }, sourceWith(settings));
}

function ticketOf(sent: Payload, settings: Record<string, unknown>): Ticket | undefined {
  return normalise({ event: 'ticket_status_updated', ticket: sent }, settings)[0]?.ticket;
}

function identityOf(body: Payload): string | undefined {
  const [draft] = normalise(body);
  return draft?.identity.kind === 'content' ? draft.identity.value : undefined;
}
