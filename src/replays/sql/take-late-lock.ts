import type { Queryable, Statement } from '../../database/database.js';

/** The number tells it from other locks. */
const LATE_LOCK = 2_342_108_152;

const TAKE_LATE_LOCK: Statement = {
  name: 'take-late-lock',
  text: 'select pg_advisory_xact_lock($1)',
};

/**
 * Until the transaction ends, nobody else adds late deliveries or ends many: what one has done, the next one sees, and the
 * order within a lane is that of one after the other. The transaction itself limits how long it waits.
 */
export async function takeLateLock(db: Queryable): Promise<void> {
  await db.query(TAKE_LATE_LOCK, [LATE_LOCK]);
}
