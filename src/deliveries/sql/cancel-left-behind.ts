import type { Database, Statement } from '../../database/database.js';
import { summariseEnded } from '../../statistics/sql/summarise-ended.js';
import type { Lease } from '../leases/lease.js';

/* What was cut short counts as an attempt, as ever, and may have arrived. */
const CANCEL_LEFT_BEHIND: Statement = {
  name: 'cancel-left-behind',
  text: `
    with lease as (
      select 1
      from destination_leases
      where destination_id = $1 and owner = $2 and fence = $3
      for share
    ), cancelled as (
      update deliveries d
      set state = 'cancelled', reason = 'destination_deleted', finished_at = $4, next_attempt_at = null,
          in_doubt = false, attempts = d.attempts + case when d.state = 'sending' then 1 else 0 end
      where d.destination_id = $1 and d.state in ('pending', 'sending')
        and exists (select from lease)
        and exists (select from destinations where id = $1 and deleted_at is not null)
      returning d.attempt_id, d.destination_id, d.source_id, d.route_id, d.state, d.reason,
                d.created_at, d.finished_at
    ), marked as (
      update attempts a
      set outcome = 'retry', reason = 'interrupted', in_doubt = true
      where a.id = any (array(select attempt_id from cancelled where attempt_id is not null)) and a.outcome is null
    ), ${summariseEnded({ deliveries: 'cancelled' })}
    select count(*)::int as count
    from cancelled`,
};

/**
 * Cancels all that waits for a deleted destination, what nobody knows the end of included. For its owner, while it has
 * nothing in the air.
 *
 * @returns how many deliveries that were
 */
export async function cancelLeftBehind(db: Database, lease: Lease, now: Date): Promise<number> {
  const [row] = await db.query<{ count: number }>(CANCEL_LEFT_BEHIND, [
    lease.destinationId,
    lease.owner,
    lease.fence,
    now,
  ]);
  return row?.count ?? 0;
}
