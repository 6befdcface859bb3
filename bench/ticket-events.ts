import { newId } from '../src/clock/new-id.js';
import { laneOf } from '../src/deliveries/delivery.js';
import type { AcceptedWebhook } from '../src/intake/webhook-record.js';
import type { Message, TicketEventType } from '../src/ticket-event/ticket-event.js';
import type { TicketEventDocument } from '../src/ticket-event/ticket-event-document.js';

/** What a webhook becomes: an event of a source, and a delivery of it by a route to a destination. */
export interface Road {
  sourceId: string;
  routeId: string;
  destinationId: string;
}

interface Happening {
  type: TicketEventType;
  nativeType: string;
  says?: 'customer' | 'agent';
  changes?: { field: string; from?: string; to?: string }[];
}

/** What becomes of a ticket at Groove, again and again. Half of it is said by somebody. */
const HAPPENINGS: readonly Happening[] = [
  { type: 'ticket.created', nativeType: 'ticket_started', says: 'customer' },
  { type: 'ticket.assigned', nativeType: 'ticket_assigned', changes: [{ field: 'assignee', to: 'agent@example.com' }] },
  { type: 'message.agent_replied', nativeType: 'agent_replied', says: 'agent' },
  { type: 'ticket.tagged', nativeType: 'ticket_tagged', changes: [{ field: 'tags', to: 'billing, refund' }] },
  { type: 'message.customer_replied', nativeType: 'customer_replied', says: 'customer' },
  {
    type: 'ticket.priority_changed',
    nativeType: 'ticket_priority_changed',
    changes: [{ field: 'priority', to: 'high' }],
  },
  { type: 'message.note_added', nativeType: 'note_added', says: 'agent' },
  { type: 'ticket.closed', nativeType: 'ticket_closed', changes: [{ field: 'status', to: 'closed' }] },
];

const WORDS = `Thanks for getting back to me so quickly. I have tried what you said, and the invoice of last month still shows
the old address, while the order confirmation has the new one. Could you have a look at it, please? Our accounting needs it
by Friday, else they cannot pay it this month. The order number is`;

/**
 * @param index of the webhook: neighbours are of different tickets, as many as there are
 * @returns a webhook as Groove sends it and intake stores it, with an event of about 1 KB
 */
export function makeWebhook(index: number, tickets: number, road: Road, receivedAt: Date): AcceptedWebhook {
  const document = makeDocument(index, tickets, road.sourceId, receivedAt);
  const { sourceId, routeId, destinationId } = road;
  const lane = laneOf(sourceId, document.ticket?.key);
  const delivery = { id: newId(receivedAt), routeId, destinationId, lane, hasSibling: false };
  const raw = {
    headers: { 'content-type': 'application/json', 'x-groove-event': document.native_type },
    body: Buffer.from(JSON.stringify({ ...document.ticket, message: document.message?.text })),
  };
  return {
    id: document.id,
    sourceId,
    receivedAt,
    raw,
    outcome: 'accepted',
    deduplication: null,
    routeRevision: null,
    events: [{ document, deliveries: [delivery] }],
  };
}

function makeDocument(index: number, tickets: number, sourceId: string, receivedAt: Date): TicketEventDocument {
  const number = String(1_000 + (index % tickets));
  const happening = HAPPENINGS[Math.floor(index / tickets) % HAPPENINGS.length] as Happening;
  const at = receivedAt.toISOString();
  const id = newId(receivedAt);
  return {
    id,
    type: happening.type,
    native_type: happening.nativeType,
    source: { id: sourceId, provider: 'groove', name: 'Bench' },
    occurred_at: at,
    received_at: at,
    deduplication_key: `${id}#0`,
    ticket: ticketOf(number, happening.type),
    actor: { kind: happening.says ?? 'agent', id: '9804030737', name: 'Robin Example', email: 'robin@example.com' },
    ...(happening.says && { message: { ...messageOf(index), is_internal: happening.type === 'message.note_added' } }),
    changes: happening.changes ?? [],
  };
}

function ticketOf(number: string, type: TicketEventType): NonNullable<TicketEventDocument['ticket']> {
  return {
    key: number,
    number,
    title: `Invoice ${number} shows the old address`,
    url: `https://bench.groovehq.com/groove_client/tickets/6865${number}`,
    status: type === 'ticket.closed' ? { native: 'closed', normal: 'closed' } : { native: 'opened', normal: 'open' },
    priority: { native: 'low', normal: 'low' },
    group: 'Tier 2',
    category: 'Inbox',
    assignee: { id: '9804030737', email: 'agent@example.com' },
    requester: { id: '0070883940', name: 'Alex Example', email: 'alex@example.com' },
    tags: ['billing', 'refund'],
    custom: {},
  };
}

function messageOf(index: number): Pick<Message, 'id' | 'text'> {
  return { id: String(4_810_000_000 + index), text: `${WORDS} ${index}.` };
}
