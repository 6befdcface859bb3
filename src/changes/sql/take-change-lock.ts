import type { EntityManager } from 'typeorm';

/** All changes share this lock; one that must be alone has it for itself. The number tells it from other locks. */
const CHANGE_LOCK = 2_342_108_151;
/** Whoever has to wait longer is told so, rather than keeping a connection. */
const LONGEST_WAIT = '10s';

/** Also limits how long the transaction waits for any other lock. */
export async function takeChangeLock(db: Pick<EntityManager, 'query'>, isAlone: boolean): Promise<void> {
  const lock = isAlone ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
  await db.query(`select set_config('lock_timeout', $1, true)`, [LONGEST_WAIT]);
  await db.query(`select ${lock}($1)`, [CHANGE_LOCK]);
}
