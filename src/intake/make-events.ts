import { newId } from '../clock/new-id.js';
import { laneOf } from '../deliveries/delivery.js';
import { matchRoutes } from '../routes/match-route.js';
import type { CompiledRevision } from '../routes/route-table.js';
import type { ActiveSource } from '../sources/source-directory.js';
import { cleanDraft, cleanText, LONGEST_SHORT_FIELD } from '../ticket-event/clean-draft.js';
import type { TicketEvent, TicketEventDraft } from '../ticket-event/ticket-event.js';
import { toDocument } from '../ticket-event/ticket-event-document.js';
import type { AcceptedEvent, AcceptedWebhook, NewDelivery } from './webhook-record.js';

/** How long a delivery id of the helpdesk's is remembered: longer than any of them retries. */
const DELIVERY_ID_SECONDS = 604_800;
/** How long a hash is: an equal payload ten minutes later is a new happening (Open → Pending → Open). */
const CONTENT_SECONDS = 600;

/**
 * Makes stored events of an adapter's drafts: ids, times, clean text, and the deliveries that the routes ask for. Pure
 * but for the ids.
 *
 * @param drafts at least one
 */
export function makeEvents(
  drafts: readonly [TicketEventDraft, ...TicketEventDraft[]],
  source: ActiveSource,
  receivedAt: Date,
  revision: CompiledRevision,
): Pick<AcceptedWebhook, 'id' | 'events' | 'deduplication' | 'routeRevision'> {
  const [first, ...rest] = drafts.map(cleanDraft) as [TicketEventDraft, ...TicketEventDraft[]];
  const make = (draft: TicketEventDraft, index: number): AcceptedEvent =>
    makeEvent(draft, index, source, receivedAt, revision);
  const events: AcceptedWebhook['events'] = [make(first, 0), ...rest.map((draft, index) => make(draft, index + 1))];
  return {
    id: events[0].document.id,
    events,
    deduplication: deduplicationOf(first, source, receivedAt),
    routeRevision: revision.id,
  };
}

function makeEvent(
  draft: TicketEventDraft,
  index: number,
  source: ActiveSource,
  receivedAt: Date,
  revision: CompiledRevision,
): AcceptedEvent {
  const { identity, occurredAt, opens, ...facts } = draft;
  const id = newId(receivedAt);
  const opened = opens && { ...opens, id: newId(receivedAt) };
  const event: TicketEvent = {
    ...facts,
    ...(opened && facts.ticket && { ticket: { ...facts.ticket, key: opened.key ?? opened.id } }),
    id,
    source: { id: source.id, provider: source.provider, name: cleanText(source.name, LONGEST_SHORT_FIELD) },
    occurredAt: occurredAt ?? receivedAt,
    receivedAt,
    deduplicationKey: `${identity.kind === 'none' ? id : identity.value}#${index}`,
  };
  const document = toDocument(event);
  const lane = laneOf(source.id, event.ticket?.key);
  const destinations = new Set<string>();
  const deliveries = matchRoutes(revision.routes, document).map(({ route }): NewDelivery => {
    const hasSibling = destinations.has(route.destination_id);
    destinations.add(route.destination_id);
    return {
      id: newId(receivedAt),
      routeId: route.id,
      destinationId: route.destination_id,
      lane,
      hasSibling,
    };
  });
  return { document, deliveries, ...(opened && { ticket: opened }) };
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
