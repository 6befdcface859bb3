import type { Database, Statement } from '../../database/database.js';

/*
 * Attempts that a crash cut short: whether they arrived is not known, so they are marked in doubt and tried again. They
 * count, so that a delivery that brings the process down is dead one day.
 */
const RECOVER_INTERRUPTED: Statement = {
  name: 'recover-interrupted',
  text: `
    with interrupted as (
      update deliveries
      set state = 'pending', attempts = attempts + 1, next_attempt_at = $1, reason = 'interrupted'
      where state = 'sending'
      returning id
    )
    update attempts a
    set outcome = 'retry', reason = 'interrupted', in_doubt = true
    from interrupted i
    where a.delivery_id = i.id and a.outcome is null
    returning a.delivery_id`,
};

/** @returns how many deliveries were in the air when the last process ended */
export async function recoverInterrupted(db: Database, now: Date): Promise<number> {
  return (await db.query(RECOVER_INTERRUPTED, [now])).length;
}
