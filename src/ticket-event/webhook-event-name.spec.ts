import type { TicketEventType } from './ticket-event.js';
import { WEBHOOK_EVENT_NAMES, webhookEventName } from './webhook-event-name.js';

describe('the names of events in the envelope', () => {
  it.each<[TicketEventType, string]>([
    ['ticket.created', 'ticket_opened'],
    ['ticket.updated', 'ticket_updated'],
    ['ticket.closed', 'ticket_closed'],
    ['service.unavailable', 'service_unavailable'],
    ['service.available', 'service_available'],
    ['ping', 'ping'],
    ['ticket.opened', 'ticket_reopened'],
    ['message.customer_replied', 'message_customer_replied'],
  ])('of %s: %s', (type, name) => {
    expect(webhookEventName(type)).toBe(name);
  });

  it('are all different', () => {
    expect(new Set(WEBHOOK_EVENT_NAMES).size).toBe(WEBHOOK_EVENT_NAMES.length);
  });
});
