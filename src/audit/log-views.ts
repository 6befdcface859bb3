import type { AttemptView, DeliveryView, EventView, RawView } from './log-views.dto.js';
import type { AttemptRow } from './sql/select-attempts.js';
import type { DeliveryRow } from './sql/select-deliveries.js';
import type { EventRow } from './sql/select-events.js';

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
    matched: row.matched,
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
