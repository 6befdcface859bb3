import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import { TICKET_EVENT_TYPES, type Ticket, type TicketEventType } from '../ticket-event/ticket-event.js';

const AT = '2026-03-02T09:30:00.000Z';
const AGENT = { id: '7', name: 'Ada Agent', email: 'ada@example.com' };
const CUSTOMER = { id: '12', name: 'Carl "C." Customer', email: 'carl@example.com' };

const BARE: Omit<TicketEventDocument, 'type' | 'native_type'> = {
  id: '019cadc5-6e40-7000-8000-000000000001',
  source: { id: '019cadc5-6e40-7000-8000-000000000002', provider: 'groove', name: 'Sample' },
  occurred_at: AT,
  received_at: AT,
  deduplication_key: 'sample#0',
  changes: [],
};

const TICKET: Ticket = {
  key: '9',
  number: '9',
  title: 'The <b>printer</b> is on fire',
  url: 'https://helpdesk.example.com/tickets/9',
  status: { native: 'Opened', normal: 'open' },
  priority: { native: 'Very high', normal: 'urgent' },
  group: 'Support',
  category: 'Hardware',
  platform: 'email',
  assignee: AGENT,
  requester: CUSTOMER,
  tags: ['vip', 'hardware', 'berlin'],
  custom: { Plan: 'Gold', 'Order number': '4711' },
};

const FULL: typeof BARE = {
  ...BARE,
  ticket: TICKET,
  person: CUSTOMER,
  actor: { ...AGENT, kind: 'agent' },
  message: { id: '31', text: 'Please help.\n\n> It **burns**.\n\nRegards,\nCarl', is_internal: false },
  changes: [
    { field: 'status', from: 'Pending', to: 'Opened' },
    { field: 'group', to: 'Support' },
  ],
};

/**
 * What templates are tried out on before they are saved: of every type an event in which everything is said, and two in
 * which nothing is that may be left out.
 */
export const SAMPLE_EVENTS: readonly TicketEventDocument[] = [
  ...TICKET_EVENT_TYPES.map((type) => ofType(type, FULL)),
  ofType('ticket.updated', { ...BARE, ticket: { key: '10', tags: [], custom: {} } }),
  ofType('ping', BARE),
];

function ofType(type: TicketEventType, event: typeof BARE): TicketEventDocument {
  return { ...event, type, native_type: type.replace('.', '_') };
}
