import type { Database, Statement } from '../../database/database.js';
import type { DueDelivery } from './take-due.js';

/** A delivery of which nobody knows whether its latest attempt arrived. */
export interface DoubtfulDelivery extends DueDelivery {
  attempt_id: string | null;
  /** Of the leading attempt, where the message was a joined one. */
  joined_id: string | null;
  started_at: Date;
  newer_than: string | null;
  channel: string;
  topic: string;
  /** What was sent, the other deliveries of a joined message included. */
  content: string;
}

const FIND_DOUBTS: Statement = {
  name: 'find-doubts',
  text: `
    select d.id, d.event_id, d.source_id, d.ticket_key, d.lane, d.sequence, d.has_sibling, d.attempts, d.tries,
           d.send_alone, d.replay_of, d.traceparent, e.event, coalesce(r.settings, '{}') as route_settings, d.attempt_id,
           a.joined_id, a.newer_than, coalesce(a.started_at, d.created_at) as started_at, coalesce(d.channel, '') as channel,
           coalesce(d.topic, '') as topic, coalesce(lead.content, d.content, '') as content
    from deliveries d
    join events e on e.id = d.event_id
    left join routes r on r.id = d.route_id
    left join attempts a on a.id = d.attempt_id
    left join attempts lead on lead.id = a.joined_id
    where d.destination_id = $1 and d.state = 'pending' and d.tries > 0 and d.in_doubt and d.next_attempt_at <= $2
    order by coalesce(a.joined_id, d.attempt_id), d.sequence
    limit $3`,
};

/** @returns what may be looked up at `now`: what travelled together stands together, the oldest attempts first */
export function findDoubts(db: Database, destinationId: string, now: Date, limit: number): Promise<DoubtfulDelivery[]> {
  return db.query<DoubtfulDelivery>(FIND_DOUBTS, [destinationId, now, limit]);
}
