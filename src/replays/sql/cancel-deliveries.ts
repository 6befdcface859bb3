import type { QueryResultRow } from 'pg';
import type { Queryable, Statement } from '../../database/database.js';
import { summariseEnded } from '../../statistics/sql/summarise-ended.js';

/*
 * What somebody else holds is being begun, or ended: it is left, so that nobody waits for the other. What was in doubt
 * stays so in its attempt. Rows are found by their ids alone, whence the
 * state is no constant: see begin-attempts.
 */
const CANCEL_DELIVERIES: Statement = {
  name: 'cancel-deliveries',
  text: `
    with chosen as (
      select d.id
      from deliveries d
      where d.id = any ($1::uuid[]) and d.state = (select 'pending')
      for update skip locked
    ), cancelled as (
      update deliveries d
      set state = 'cancelled', reason = 'cancelled', finished_at = $2, next_attempt_at = null, in_doubt = false
      where d.id = any (array(select id from chosen))
      returning d.destination_id, d.source_id, d.route_id, d.state, d.reason, d.created_at, d.finished_at
    ), ${summariseEnded({ deliveries: 'cancelled' })}
    select destination_id, count(*)::int as count
    from cancelled
    group by destination_id`,
};

/** Cancels those that wait. @returns how many, by destination */
export async function cancelDeliveries(db: Queryable, ids: readonly string[], now: Date): Promise<Map<string, number>> {
  const rows = await db.query<QueryResultRow & { destination_id: string; count: number }>(CANCEL_DELIVERIES, [
    ids,
    now,
  ]);
  return new Map(rows.map((row) => [row.destination_id, row.count]));
}
