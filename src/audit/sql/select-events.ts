import type { Queryable } from '../../database/database.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { EventFilter, EventOutcome } from '../log-query.dto.js';
import { eventFacets } from '../event-conditions.js';
import { leadOfEvents } from '../lead.js';
import type { LogTable } from '../log-table.js';

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
  /** Null of what is no accepted event, and of what an earlier version stored. */
  matched: boolean | null;
  source: { id: string; provider: string; name: string };
}

const COLUMNS = `
  e.id, e.webhook_id, e.outcome, e.native_type, e.received_at, e.event, e.duplicate_of, e.reason, e.detail,
  e.route_revision, e.matched, jsonb_build_object('id', s.id, 'provider', s.provider, 'name', s.name) as source`;

/** How events are read in pages. */
export const EVENTS: LogTable<EventFilter> = {
  row: 'e',
  from: 'events e join sources s on s.id = e.source_id',
  columns: COLUMNS,
  facets: eventFacets,
  lead: leadOfEvents,
  words: 'event_words',
  hasWords: `exists (select from event_words w where w.id = e.id and w.words @@ QUESTION)
    or (e.id >= MARK and deskwire_words(concat_ws(' ', deskwire_event_text(e.event), e.detail)) @@ QUESTION)`,
  otherWords: [
    {
      find: `select x.id from events x
             where deskwire_words(concat_ws(' ', deskwire_event_text(x.event), x.detail)) @@ QUESTION`,
      isLate: true,
    },
  ],
};

export async function selectEvent(db: Queryable, id: string): Promise<EventRow | undefined> {
  const text = `select ${COLUMNS} from events e join sources s on s.id = e.source_id where e.id = $1`;
  const [row] = await db.query<EventRow>({ name: 'select-event', text }, [id]);
  return row;
}

/** The request that a webhook came as; kept with its first event. Undefined where it has been forgotten. */
export async function selectRaw(
  db: Queryable,
  webhookId: string,
): Promise<{ raw_headers: Record<string, string>; raw_body: Buffer } | undefined> {
  const text = 'select raw_headers, raw_body from events where id = $1 and raw_body is not null';
  const [row] = await db.query<{ raw_headers: Record<string, string>; raw_body: Buffer }>(
    { name: 'select-raw', text },
    [webhookId],
  );
  return row;
}
