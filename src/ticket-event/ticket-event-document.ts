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
  const { ticket, person, actor, message, occurredAt, receivedAt } = event;
  const receivedAtText = receivedAt.toISOString();
  const document: TicketEventDocument = {
    id: event.id,
    type: event.type,
    native_type: event.nativeType,
    source: event.source,
    occurred_at: occurredAt === receivedAt ? receivedAtText : occurredAt.toISOString(),
    received_at: receivedAtText,
    deduplication_key: event.deduplicationKey,
    changes: event.changes,
  };
  if (ticket) document.ticket = ticket;
  if (person) document.person = person;
  if (actor) document.actor = actor;
  if (message) document.message = messageDocument(message);
  return document;
}

function messageDocument({ id, text, isInternal }: Message): NonNullable<TicketEventDocument['message']> {
  return id === undefined ? { text, is_internal: isInternal } : { id, text, is_internal: isInternal };
}
