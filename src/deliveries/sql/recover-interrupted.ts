import type { Database, Statement } from '../../database/database.js';

/*
 * Attempts that were cut short: whether they arrived is not known, so they are marked in doubt and tried again. They
 * count, so that a delivery that brings the process down is dead one day.
 */
const RECOVER_INTERRUPTED: Statement = {
  name: 'recover-interrupted',
  text: `
    with interrupted as (
      update deliveries
      set state = 'pending', attempts = attempts + 1, next_attempt_at = $1, reason = 'interrupted'
      where state = 'sending' and ($2::uuid is null or destination_id = $2)
      returning id
    ), marked as (
      update attempts a
      set outcome = 'retry', reason = 'interrupted', in_doubt = true
      from interrupted i
      where a.delivery_id = i.id and a.outcome is null
    )
    select count(*)::int as count
    from interrupted`,
};

/**
 * For whoever knows that nothing is in the air: at start, or for one destination when its worker begins anew.
 *
 * @returns how many deliveries had been
 */
export async function recoverInterrupted(db: Database, now: Date, destinationId?: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(RECOVER_INTERRUPTED, [now, destinationId ?? null]);
  return row?.count ?? 0;
}
