import type { TicketEventDraft } from '../ticket-event/ticket-event.js';
import { describeNewTicket, describeTicket, type DeskTicketRow, newDeskTicket } from './desk-ticket.js';

/** The desk's own names for what happens at it, as its subscribers know them. */
export const DESK_EVENTS = [
  'ticket_opened',
  'ticket_updated',
  'ticket_closed',
  'service_unavailable',
  'service_available',
  'ping',
] as const;
type DeskEventName = (typeof DESK_EVENTS)[number];

/** Everything that is asked of the desk happens; only the key that a client gives makes a repetition. */
const NEVER_REPEATED: TicketEventDraft['identity'] = { kind: 'none' };

/** @param idempotencyKey with which the same request opens one ticket only */
export function ticketOpened(message: string, idempotencyKey: string | undefined): TicketEventDraft {
  const opens = newDeskTicket(message);
  return {
    ...named('ticket.created', 'ticket_opened'),
    ticket: describeNewTicket(opens),
    message: { text: message, isInternal: false },
    opens,
    ...(idempotencyKey !== undefined && { identity: { kind: 'delivery_id', value: idempotencyKey } }),
  };
}

/** @param row as it is after the change */
export function ticketUpdated(row: DeskTicketRow): TicketEventDraft {
  return {
    ...named('ticket.updated', 'ticket_updated'),
    ticket: describeTicket(row),
    message: { text: row.description, isInternal: false },
    changes: [{ field: 'message' }],
  };
}

/** @param row as it is after the change */
export function ticketClosed(row: DeskTicketRow): TicketEventDraft {
  return { ...named('ticket.closed', 'ticket_closed'), ticket: describeTicket(row) };
}

export function serviceBecame(available: boolean): TicketEventDraft {
  return available
    ? named('service.available', 'service_available')
    : named('service.unavailable', 'service_unavailable');
}

export function ping(): TicketEventDraft {
  return named('ping', 'ping');
}

function named(type: TicketEventDraft['type'], nativeType: DeskEventName): TicketEventDraft {
  return { type, nativeType, changes: [], identity: NEVER_REPEATED };
}
