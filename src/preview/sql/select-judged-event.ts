import type { QueryResultRow } from 'pg';
import type { Queryable, Statement } from '../../database/database.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';

/** An event of the log, and what it was judged by. */
export interface JudgedEvent extends QueryResultRow {
  outcome: 'accepted' | 'duplicate' | 'unsupported' | 'rejected';
  native_type: string | null;
  event: TicketEventDocument | null;
  duplicate_of: string | null;
  reason: string | null;
  detail: string | null;
  /** A bigint, in digits; null where no routes were asked. */
  route_revision: string | null;
}

const SELECT_JUDGED_EVENT: Statement = {
  name: 'explain-event',
  text: `
    select outcome, native_type, event, duplicate_of, reason, detail, route_revision
    from events
    where id = $1`,
};

export async function selectJudgedEvent(db: Queryable, id: string): Promise<JudgedEvent | undefined> {
  const [row] = await db.query<JudgedEvent>(SELECT_JUDGED_EVENT, [id]);
  return row;
}
