import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import { webhookEventName } from '../../ticket-event/webhook-event-name.js';

/** How an event is written into a webhook. */
export type WebhookFormat = 'envelope' | 'cloudevents';

/** Of these the integration guide says that their data is empty, whatever is known of them. */
const WITHOUT_DATA: readonly string[] = ['ticket.closed', 'service.available', 'service.unavailable', 'ping'];
/** Of these it says that there is a message. */
const ALWAYS_WITH_MESSAGE: readonly string[] = ['ticket.created', 'ticket.updated'];

/** @returns the exact text of a webhook's body. Pure: an event gives the same text each time. */
export function composeWebhook(event: TicketEventDocument, format: WebhookFormat): string {
  return JSON.stringify(format === 'cloudevents' ? cloudEvent(event) : envelope(event));
}

/** The form of the ticket service's integration guide. */
function envelope(event: TicketEventDocument): object {
  return { event: webhookEventName(event.type), created: event.occurred_at, data: envelopeData(event) };
}

function envelopeData({ type, message, ticket }: TicketEventDocument): { ticket_message?: string } {
  if (WITHOUT_DATA.includes(type)) return {};
  if (message) return { ticket_message: message.text };
  return ALWAYS_WITH_MESSAGE.includes(type) ? { ticket_message: ticket?.title ?? '' } : {};
}

/**
 * Structured mode: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md. `source` and `id`
 * together name the event, whichever destination it goes to.
 */
function cloudEvent(event: TicketEventDocument): object {
  return {
    specversion: '1.0',
    id: event.id,
    source: `/sources/${event.source.id}`,
    type: event.type,
    ...(event.ticket && { subject: event.ticket.key }),
    time: event.occurred_at,
    datacontenttype: 'application/json',
    data: event,
  };
}
