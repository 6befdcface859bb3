import type { Queryable, Statement } from '../../database/database.js';

/** Tells this lock from others of one number. */
const WATCH_LOCK = 4_815_162_344;

const TRY_WATCH_LOCK: Statement = {
  name: 'try-source-watch-lock',
  text: 'select pg_try_advisory_xact_lock($1) as is_ours',
};

/** @returns whether this transaction alone watches now */
export async function tryWatchLock(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ is_ours: boolean }>(TRY_WATCH_LOCK, [WATCH_LOCK]);
  return row?.is_ours === true;
}
