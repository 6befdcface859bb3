import type { Queryable, Statement } from '../../database/database.js';
import type { EmailPattern } from '../email-pattern.js';
import { eventHoldsEmail } from './event-holds-email.js';
import { emailValues } from './holds-email.js';

/* The next so many rows by primary key, whatever they hold: no statement takes longer because nothing is found. */
const FIND_CANDIDATE_EVENTS: Statement = {
  name: 'find-candidate-events',
  text: `
    with e as materialized (
      select id, event, detail, native_type, raw_headers, raw_body
      from events
      where id > $1
      order by id
      limit $2
    )
    select (select id from e order by id desc limit 1) as last, (select count(*)::int from e) as count,
           array(select id from e where ${eventHoldsEmail(['$3', '$4', '$5'])}) as candidates`,
};

/** A part of a table that was looked at. */
export interface LookedAt<Candidate = string> {
  /** Where the next part begins; null where there was nothing. */
  last: string | null;
  count: number;
  candidates: Candidate[];
}

/** @returns which of the events after `id`, the raw requests included, may hold the address */
export async function findCandidateEvents(
  db: Queryable,
  email: EmailPattern,
  id: string,
  limit: number,
): Promise<LookedAt> {
  const [row] = await db.query<LookedAt>(FIND_CANDIDATE_EVENTS, [id, limit, ...emailValues(email)]);
  return row ?? { last: null, count: 0, candidates: [] };
}
