import type { QueryResultRow } from 'pg';
import type { EventOutcome } from '../../audit/log-query.dto.js';
import type { Queryable, Statement } from '../../database/database.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';

/** An event that may be routed again. */
export interface LockedEvent extends QueryResultRow {
  id: string;
  source_id: string;
  outcome: EventOutcome;
  /** Null where it is not kept any more, and of what was never accepted. */
  event: TicketEventDocument | null;
  has_deliveries: boolean;
}

const LOCK_EVENT: Statement = {
  name: 'lock-event',
  text: `
    select e.id, e.source_id, e.outcome, e.event,
           coalesce(e.matched, false) or exists (select from deliveries d where d.event_id = e.id) as has_deliveries
    from events e
    where e.id = $1
    for update of e`,
};

/** @returns an event as it is, and stays until the transaction ends */
export async function lockEvent(db: Queryable, id: string): Promise<LockedEvent | undefined> {
  const [row] = await db.query<LockedEvent>(LOCK_EVENT, [id]);
  return row;
}
