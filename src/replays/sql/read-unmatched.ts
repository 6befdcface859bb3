import type { QueryResultRow } from 'pg';
import type { Queryable, Statement } from '../../database/database.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';

/** An event that nothing was made of. */
export interface UnmatchedEvent extends QueryResultRow {
  id: string;
  source_id: string;
  event: TicketEventDocument;
}

const READ = `
    select e.id, e.source_id, e.event
    from events e
    where e.id = any ($1::uuid[]) and e.outcome = 'accepted' and e.matched is not true and e.event is not null
    order by e.id`;

const READ_UNMATCHED: Statement = { name: 'read-unmatched', text: READ };

/* One that another request has routed meanwhile is looked at again once that has committed, and is left. */
const LOCK_UNMATCHED: Statement = { name: 'lock-unmatched', text: `${READ}\n    for update` };

/** @returns those of the events that nothing has been made of yet, in the order in which they came */
export function readUnmatched(db: Queryable, ids: readonly string[]): Promise<UnmatchedEvent[]> {
  return db.query<UnmatchedEvent>(READ_UNMATCHED, [ids]);
}

/** The same; until the transaction ends nobody else routes them. */
export function lockUnmatched(db: Queryable, ids: readonly string[]): Promise<UnmatchedEvent[]> {
  return db.query<UnmatchedEvent>(LOCK_UNMATCHED, [ids]);
}
