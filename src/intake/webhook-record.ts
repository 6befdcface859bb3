import type { Span } from '../telemetry/tracing/tracer.js';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import type { OpenedTicket } from '../tickets/ticket.js';

/** A request as the log keeps it. */
export interface RawRequest {
  /** Lower-case names; secrets masked. */
  headers: Record<string, string>;
  body: Buffer;
}

/** A delivery to be made with an event. */
export interface NewDelivery {
  id: string;
  /** Null for a subscriber, which hears of it without a route. */
  routeId: string | null;
  destinationId: string;
  lane: string;
  hasSibling: boolean;
}

/** An event that was understood, and what the routes make of it. */
export interface AcceptedEvent {
  document: TicketEventDocument;
  deliveries: NewDelivery[];
  /** What it opens in the built-in store; its id is the key of the event's ticket. */
  ticket?: OpenedTicket;
}

interface WebhookFacts {
  /** UUIDv7; the id of the webhook's first event. */
  id: string;
  sourceId: string;
  receivedAt: Date;
  raw: RawRequest;
  /** Where it is traced. */
  trace?: Span;
}

/** A webhook that became events: all new or all duplicates, by the one key. */
export interface AcceptedWebhook extends WebhookFacts {
  outcome: 'accepted';
  /** Null where it can never be a duplicate. */
  deduplication: { key: string; expiresAt: Date } | null;
  routeRevision: string | null;
  events: [AcceptedEvent, ...AcceptedEvent[]];
}

/** A webhook that became no event; the log says why. */
export interface RefusedWebhook extends WebhookFacts {
  outcome: 'unsupported' | 'rejected';
  nativeType: string | null;
  /** A stable code. */
  reason: string;
  detail: string;
}

/** One webhook, as it is written in the common commit. */
export type WebhookRecord = AcceptedWebhook | RefusedWebhook;

/** What the commit made of a webhook. */
export interface WriteResult {
  /** The first event of the webhook that this one repeats, if it does. */
  duplicateOf: string | null;
}
