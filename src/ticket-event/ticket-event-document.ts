import type {
  Actor,
  Change,
  EventSource,
  Message,
  Person,
  Ticket,
  TicketEvent,
  TicketEventType,
} from './ticket-event.js';

/**
 * A TicketEvent as JSON in snake_case: what templates and matchers see, what the log stores, what the API answers.
 * Times are ISO 8601 in UTC.
 */
export interface TicketEventDocument {
  id: string;
  type: TicketEventType;
  native_type: string;
  source: EventSource;
  occurred_at: string;
  received_at: string;
  deduplication_key: string;
  ticket?: Ticket;
  person?: Person;
  actor?: Actor;
  message?: { id?: string; text: string; is_internal: boolean };
  changes: Change[];
}

/** @returns the event as the JSON document that is stored, matched, rendered and answered. */
export function toDocument(event: TicketEvent): TicketEventDocument {
  return {
    id: event.id,
    type: event.type,
    native_type: event.nativeType,
    source: event.source,
    occurred_at: event.occurredAt.toISOString(),
    received_at: event.receivedAt.toISOString(),
    deduplication_key: event.deduplicationKey,
    ...(event.ticket && { ticket: event.ticket }),
    ...(event.person && { person: event.person }),
    ...(event.actor && { actor: event.actor }),
    ...(event.message && { message: messageDocument(event.message) }),
    changes: event.changes,
  };
}

function messageDocument(message: Message): NonNullable<TicketEventDocument['message']> {
  return {
    ...(message.id !== undefined && { id: message.id }),
    text: message.text,
    is_internal: message.isInternal,
  };
}
