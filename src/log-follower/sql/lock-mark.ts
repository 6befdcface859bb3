import type { Queryable, Statement } from '../../database/database.js';

/* Whoever finds it locked leaves the work to the process that has it. */
const LOCK_MARK: Statement = {
  name: 'lock-mark',
  text: 'select id from log_marks where name = $1 for update skip locked',
};

/** @returns the id before which everything is done; undefined while another process is at it */
export async function lockMark(db: Queryable, name: string): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>(LOCK_MARK, [name]);
  return row?.id;
}
