import type { Database, Statement } from '../../database/database.js';
import { summariseEnded } from '../../statistics/sql/summarise-ended.js';

/* What is being sent ends by itself; if it comes back to wait, whoever sent it cancels it then. */
const CANCEL_OF_DELETED: Statement = {
  name: 'cancel-of-deleted',
  text: `
    with cancelled as (
      update deliveries
      set state = 'cancelled', reason = 'destination_deleted', finished_at = $2, next_attempt_at = null, in_doubt = false
      where destination_id = $1 and state = 'pending'
        and exists (select from destinations where id = $1 and deleted_at is not null)
      returning destination_id, source_id, route_id, state, reason, created_at, finished_at
    ), ${summariseEnded({ deliveries: 'cancelled' })}
    select count(*)::int as count
    from cancelled`,
};

/** Cancels what waits for a destination that is deleted; of any other it leaves everything as it is. */
export async function cancelOfDeleted(db: Database, destinationId: string, now: Date): Promise<void> {
  await db.query(CANCEL_OF_DELETED, [destinationId, now]);
}
