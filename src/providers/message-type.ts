import type { Actor, TicketEventType } from '../ticket-event/ticket-event.js';

/** @returns the type of the event that a message makes: whoever is not known as a customer is taken for an agent */
export function messageType(author: Actor['kind'], isInternal: boolean): TicketEventType {
  if (isInternal) return 'message.note_added';
  return author === 'customer' ? 'message.customer_replied' : 'message.agent_replied';
}
