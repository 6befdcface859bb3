import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';

/** For so long whoever writes may wait behind us, each time that we ask for the lock. */
const LOCK_TIMEOUT_MS = 500;
/** Between two times: twice as long as we are in the way. */
const ASK_AGAIN_MS = 1_000;
/** An export of the whole log, or a backup, may read for minutes. */
const MOST_TRIES = 1_200;
/** lock_not_available: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Changes a table of the log, which takes a moment once it has the lock, without keeping writers waiting for whoever holds
 * the table. Not for a transaction.
 *
 * @param sql one statement, of which it does no harm to run it again
 */
export async function alterLog(runner: QueryRunner, sql: string): Promise<void> {
  for (let tries = 1; !(await tryToAlter(runner, sql, tries === MOST_TRIES)); tries += 1) await sleep(ASK_AGAIN_MS);
}

/** @returns whether the lock could be had */
async function tryToAlter(runner: QueryRunner, sql: string, isLast: boolean): Promise<boolean> {
  await runner.startTransaction();
  try {
    await runner.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await runner.query(sql);
    await runner.commitTransaction();
    return true;
  } catch (error) {
    await runner.rollbackTransaction();
    if (isLast || (error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
    return false;
  }
}
