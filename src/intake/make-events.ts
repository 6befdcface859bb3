import { newId } from '../clock/new-id.js';
import { laneOf } from '../deliveries/delivery.js';
import type { Subscriber } from '../destinations/destination-directory.js';
import type { CompiledRevision } from '../routes/route-table.js';
import type { ActiveSource } from '../sources/source-directory.js';
import { cleanDraft, cleanText, LONGEST_SHORT_FIELD } from '../ticket-event/clean-draft.js';
import type { TicketEvent, TicketEventDraft } from '../ticket-event/ticket-event.js';
import { toDocument } from '../ticket-event/ticket-event-document.js';
import { webhookEventName } from '../ticket-event/webhook-event-name.js';
import { makeDeliveries, waysByRoutes } from './make-deliveries.js';
import type { AcceptedEvent, AcceptedWebhook } from './webhook-record.js';

/** How long a delivery id of the helpdesk's is remembered: longer than any of them retries. */
const DELIVERY_ID_SECONDS = 604_800;
/** How long a hash is: an equal payload ten minutes later is a new happening (Open → Pending → Open). */
const CONTENT_SECONDS = 600;

/** Whom events are for, at one moment. */
export interface Recipients {
  revision: CompiledRevision;
  /** Those that hear of the built-in store's tickets, whatever the routes say. */
  subscribers: readonly Subscriber[];
  /** Whether the events are of the store although they open no ticket there. */
  isOfStore: boolean;
}

/**
 * Makes stored events of an adapter's drafts: ids, times, clean text, and the deliveries that routes and subscribers
 * ask for. Pure but for the ids.
 *
 * @param drafts at least one
 */
export function makeEvents(
  drafts: readonly [TicketEventDraft, ...TicketEventDraft[]],
  source: ActiveSource,
  receivedAt: Date,
  recipients: Recipients,
): Pick<AcceptedWebhook, 'id' | 'events' | 'deduplication' | 'routeRevision'> {
  const [first, ...rest] = drafts.map(cleanDraft) as [TicketEventDraft, ...TicketEventDraft[]];
  const make = (draft: TicketEventDraft, index: number): AcceptedEvent =>
    makeEvent(draft, index, source, receivedAt, recipients);
  const events: AcceptedWebhook['events'] = [make(first, 0), ...rest.map((draft, index) => make(draft, index + 1))];
  return {
    id: events[0].document.id,
    events,
    deduplication: deduplicationOf(first, source, receivedAt),
    routeRevision: recipients.revision.id,
  };
}

function makeEvent(
  draft: TicketEventDraft,
  index: number,
  source: ActiveSource,
  receivedAt: Date,
  recipients: Recipients,
): AcceptedEvent {
  const { identity, opens } = draft;
  const id = newId(receivedAt);
  const opened = opens && { ...opens, id: newId(receivedAt) };
  // What is spread stands last, here and elsewhere on this road: names after it take V8 some thirty times as long (measured).
  const event: TicketEvent = {
    id,
    source: { id: source.id, provider: source.provider, name: cleanText(source.name, LONGEST_SHORT_FIELD) },
    occurredAt: receivedAt,
    receivedAt,
    deduplicationKey: `${identity.kind === 'none' ? id : identity.value}#${index}`,
    ...draft,
  };
  if (opened && draft.ticket) event.ticket = { ...draft.ticket, key: opened.key ?? opened.id };
  const document = toDocument(event);
  const subscribers = opened || recipients.isOfStore ? recipients.subscribers : [];
  const deliveries = makeDeliveries(laneOf(source.id, event.ticket?.key), receivedAt, [
    ...waysByRoutes(recipients.revision, document),
    ...subscribers
      .filter((subscriber) => hears(subscriber, document.type))
      .map(({ id: destinationId }) => ({ routeId: null, destinationId })),
  ]);
  return { document, deliveries, ...(opened && { ticket: opened }) };
}

function hears({ settings }: Subscriber, type: TicketEvent['type']): boolean {
  const events = settings['events'];
  // A ping asks whether anybody is there.
  return type === 'ping' || !Array.isArray(events) || events.includes(webhookEventName(type));
}

/** The events of one webhook are new or duplicate together, so the first one's identity stands for all. */
function deduplicationOf(
  { identity }: TicketEventDraft,
  source: ActiveSource,
  receivedAt: Date,
): AcceptedWebhook['deduplication'] {
  if (identity.kind === 'none') return null;
  const seconds =
    identity.kind === 'delivery_id' ? DELIVERY_ID_SECONDS : (source.settings.deduplicate_seconds ?? CONTENT_SECONDS);
  if (seconds === 0) return null;
  return {
    key: `${identity.kind}:${identity.value}`,
    expiresAt: new Date(receivedAt.getTime() + seconds * 1_000),
  };
}
