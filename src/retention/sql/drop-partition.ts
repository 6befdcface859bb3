import type { Queryable } from '../../database/database.js';

/** Of a table that is no partition any more: no other table is locked. */
export async function dropPartition(db: Queryable, partition: string): Promise<void> {
  await db.query({ text: `drop table ${partition}` }, []);
}
