import type { Queryable, Statement } from '../../database/database.js';
import type { EmailPattern } from '../email-pattern.js';
import type { LookedAt } from './find-candidate-events.js';
import { emailValues, holdsEmail } from './holds-email.js';

/** A delivery that may hold the address. */
export interface CandidateDelivery {
  event_id: string;
  topic: string | null;
  content: string | null;
  detail: string | null;
}

const TEXT = `concat_ws(' ', d.topic, d.content, d.detail)`;

/* The next so many rows by primary key, as of the events. */
const FIND_CANDIDATE_DELIVERIES: Statement = {
  name: 'find-candidate-deliveries',
  text: `
    with d as materialized (
      select id, event_id, topic, content, detail
      from deliveries
      where id > $1
      order by id
      limit $2
    )
    select (select id from d order by id desc limit 1) as last, (select count(*)::int from d) as count,
           coalesce((
             select jsonb_agg(jsonb_build_object('event_id', event_id, 'topic', topic, 'content', content, 'detail', detail))
             from d
             where ${holdsEmail(TEXT, ['$3', '$4', '$5'])}
           ), '[]') as candidates`,
};

/** Of those after `id`: what a helpdesk's API told before sending is in no event, but in what was sent. */
export async function findCandidateDeliveries(
  db: Queryable,
  email: EmailPattern,
  id: string,
  limit: number,
): Promise<LookedAt<CandidateDelivery>> {
  const values = [id, limit, ...emailValues(email)];
  const [row] = await db.query<LookedAt<CandidateDelivery>>(FIND_CANDIDATE_DELIVERIES, values);
  return row ?? { last: null, count: 0, candidates: [] };
}
