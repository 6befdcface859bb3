import type { Database, Statement } from '../../database/database.js';
import type { Lease } from '../leases/lease.js';

/*
 * Attempts that were cut short: whether they arrived is not known. They are looked up when their request can no longer
 * land. They count, so that a delivery that brings the process down is dead one day.
 */
const RECOVER_INTERRUPTED: Statement = {
  name: 'recover-interrupted',
  text: `
    with cut_short as (
      select d.id, latest.id as attempt_id, latest.started_at
      from deliveries d
      left join lateral (
        select a.id, a.started_at
        from attempts a
        where a.delivery_id = d.id
        order by a.number desc
        limit 1
      ) latest on true
      where d.destination_id = $1 and d.state = 'sending'
        and exists (select from destination_leases where destination_id = $1 and owner = $2 and fence = $3)
    ), interrupted as (
      update deliveries d
      set state = 'pending', attempts = d.attempts + 1, in_doubt = true, reason = 'interrupted',
          attempt_id = c.attempt_id,
          next_attempt_at = greatest($4, c.started_at + make_interval(secs => $5))
      from cut_short c
      where d.id = c.id and d.state = 'sending'
      returning d.id, d.attempt_id
    ), marked as (
      update attempts a
      set outcome = 'retry', reason = 'interrupted', in_doubt = true
      from interrupted i
      where a.id = i.attempt_id and a.outcome is null
    )
    select count(*)::int as count
    from interrupted`,
};

/**
 * For the owner of a destination, while it has nothing in the air.
 *
 * @param landsWithinMs how long after its beginning a request may still land
 * @returns how many deliveries had been cut short
 */
export async function recoverInterrupted(
  db: Database,
  lease: Lease,
  now: Date,
  landsWithinMs: number,
): Promise<number> {
  const [row] = await db.query<{ count: number }>(RECOVER_INTERRUPTED, [
    lease.destinationId,
    lease.owner,
    lease.fence,
    now,
    landsWithinMs / 1_000,
  ]);
  return row?.count ?? 0;
}
