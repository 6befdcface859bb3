import type { Database } from '../../database/database.js';
import type { PagePosition } from '../../http/page.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { EventOutcome, EventsQuery } from '../log-query.dto.js';
import { eventConditions } from '../event-conditions.js';
import { pageOrder } from '../where-clause.js';

/** An event as it is stored. */
export interface EventRow {
  id: string;
  webhook_id: string;
  outcome: EventOutcome;
  native_type: string | null;
  received_at: Date;
  event: TicketEventDocument | null;
  duplicate_of: string | null;
  reason: string | null;
  detail: string | null;
  route_revision: string | null;
  source: { id: string; provider: string; name: string };
}

const COLUMNS = `
  e.id, e.webhook_id, e.outcome, e.native_type, e.received_at, e.event, e.duplicate_of, e.reason, e.detail,
  e.route_revision, jsonb_build_object('id', s.id, 'provider', s.provider, 'name', s.name) as source`;

export function selectEvents(db: Database, query: EventsQuery, position: PagePosition): Promise<EventRow[]> {
  const where = eventConditions(query).page('e.id', position);
  const text = `
    select ${COLUMNS}
    from events e
    join sources s on s.id = e.source_id
    where ${where.sql}
    ${pageOrder('e.id', position)}`;
  return db.query<EventRow>({ text }, where.values);
}

export async function selectEvent(db: Database, id: string): Promise<EventRow | undefined> {
  const text = `select ${COLUMNS} from events e join sources s on s.id = e.source_id where e.id = $1`;
  const [row] = await db.query<EventRow>({ name: 'select-event', text }, [id]);
  return row;
}

/** The request that a webhook came as; kept with its first event. Undefined where it has been forgotten. */
export async function selectRaw(
  db: Database,
  webhookId: string,
): Promise<{ raw_headers: Record<string, string>; raw_body: Buffer } | undefined> {
  const text = 'select raw_headers, raw_body from events where id = $1 and raw_body is not null';
  const [row] = await db.query<{ raw_headers: Record<string, string>; raw_body: Buffer }>(
    { name: 'select-raw', text },
    [webhookId],
  );
  return row;
}
