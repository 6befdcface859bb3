import type { Queryable, Statement } from '../../database/database.js';
import { LOWEST_ID } from '../id-range.js';

const SELECT_MARK: Statement = { name: 'select-mark', text: 'select id from log_marks where name = $1' };

/** @returns the id up to which a follower of the log has done its work */
export async function selectMark(db: Queryable, name: string): Promise<string> {
  const [row] = await db.query<{ id: string }>(SELECT_MARK, [name]);
  return row?.id ?? LOWEST_ID;
}
