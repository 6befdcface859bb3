import type { Queryable, Statement } from '../../database/database.js';

const MOVE_MARK: Statement = { name: 'move-mark', text: 'update log_marks set id = $2 where name = $1 and id < $2' };

/** Everything before `id` is done. */
export async function moveMark(db: Queryable, name: string, id: string): Promise<void> {
  await db.query(MOVE_MARK, [name, id]);
}
