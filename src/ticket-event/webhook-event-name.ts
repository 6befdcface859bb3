import { TICKET_EVENT_TYPES, type TicketEventType } from './ticket-event.js';

/** The names that the ticket service's integration guide gives its events. */
const GUIDE_NAMES: Partial<Record<TicketEventType, string>> = {
  'ticket.created': 'ticket_opened',
  // A ticket that is opened again must not be taken for a new one.
  'ticket.opened': 'ticket_reopened',
};

/** @returns what an event is called in the envelope of an outgoing webhook, e.g. `ticket_opened` */
export function webhookEventName(type: TicketEventType): string {
  return GUIDE_NAMES[type] ?? type.replaceAll('.', '_');
}

/** All names that an envelope can hold. */
export const WEBHOOK_EVENT_NAMES: readonly string[] = TICKET_EVENT_TYPES.map(webhookEventName);
