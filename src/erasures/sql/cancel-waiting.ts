import type { Queryable, Statement } from '../../database/database.js';
import { summariseEnded } from '../../statistics/sql/summarise-ended.js';

/*
 * Not what is in doubt: it may have arrived, and what it travelled with is looked up by what it said. What the dispatcher
 * has in hand at this moment is passed over: it is being sent.
 */
const CANCEL_WAITING: Statement = {
  name: 'cancel-waiting',
  text: `
    with waiting as (
      select id
      from deliveries
      where event_id = any ($1::uuid[]) and id >= $2 and state = 'pending' and not in_doubt
      for update skip locked
    ), cancelled as (
      update deliveries d
      set state = 'cancelled', reason = 'erased', finished_at = $3, next_attempt_at = null
      from waiting
      where d.id = waiting.id and d.id >= $2
      returning d.id, d.destination_id, d.source_id, d.route_id, d.state, d.reason, d.created_at, d.finished_at
    ), ${summariseEnded({ deliveries: 'cancelled' })}
    select id
    from cancelled`,
};

const COUNT_WAITING: Statement = {
  name: 'count-waiting',
  text: `
    select id
    from deliveries
    where event_id = any ($1::uuid[]) and id >= $2 and state = 'pending' and not in_doubt`,
};

/**
 * Cancels what waits to be sent of events.
 *
 * @param from the lowest id that any of their deliveries can have
 * @param isDryRun nothing is cancelled, only counted
 * @returns how many deliveries that are
 */
export async function cancelWaiting(
  db: Queryable,
  eventIds: readonly string[],
  from: string,
  now: Date,
  isDryRun: boolean,
): Promise<number> {
  const rows = isDryRun
    ? await db.query(COUNT_WAITING, [eventIds, from])
    : await db.query(CANCEL_WAITING, [eventIds, from, now]);
  return rows.length;
}
