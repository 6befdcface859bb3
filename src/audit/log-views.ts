import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import type { AttemptRow } from './sql/select-attempts.js';
import type { DeliveryRow } from './sql/select-deliveries.js';
import type { EventRow } from './sql/select-events.js';

/** A request as it came: the body as text, as base64 only where it is not UTF-8. */
export interface RawView {
  headers: Record<string, string>;
  body: string;
  encoding: 'utf-8' | 'base64';
}

/** What every event of the log has, whatever became of it. */
interface LoggedFacts {
  id: string;
  outcome: EventRow['outcome'];
  native_type: string | null;
  source: EventRow['source'];
  received_at: string;
  duplicate_of: string | null;
  reason: string | null;
  detail: string | null;
  route_revision: number | null;
}

/** An event of the log: the TicketEvent's own fields beside what became of it. */
export type EventView = LoggedFacts &
  Partial<Omit<TicketEventDocument, keyof LoggedFacts>> & { raw?: RawView | null; deliveries?: DeliveryView[] };

export interface DeliveryView extends Omit<DeliveryRow, 'message_id' | 'attempts'> {
  /** How many attempts counted; with `include=attempts`, every attempt in full, also those that cost nothing. */
  attempts: number | AttemptView[];
  message_id: number | null;
  /** Only where asked for. */
  event?: EventView | null;
}

export interface AttemptView extends Omit<AttemptRow, 'message_id'> {
  message_id: number | null;
}

export function toEventView(row: EventRow): EventView {
  return {
    ...row.event,
    id: row.id,
    outcome: row.outcome,
    native_type: row.native_type,
    // As the event names it; a source that was renamed since keeps its old name here.
    source: row.event?.source ?? row.source,
    received_at: row.received_at.toISOString(),
    duplicate_of: row.duplicate_of,
    reason: row.reason,
    detail: row.detail,
    route_revision: numberOrNull(row.route_revision),
  };
}

export function toRawView(headers: Record<string, string>, body: Buffer): RawView {
  const text = body.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(body);
  return isText
    ? { headers, body: text, encoding: 'utf-8' }
    : { headers, body: body.toString('base64'), encoding: 'base64' };
}

export function toDeliveryView(row: DeliveryRow): DeliveryView {
  return { ...row, message_id: numberOrNull(row.message_id) };
}

export function toAttemptView(row: AttemptRow): AttemptView {
  return { ...row, message_id: numberOrNull(row.message_id) };
}

/** Zulip's message ids and our revisions are far below 2^53. */
function numberOrNull(text: string | null): number | null {
  return text === null ? null : Number(text);
}
