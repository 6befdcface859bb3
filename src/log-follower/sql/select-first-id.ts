import type { Queryable } from '../../database/database.js';

/** Whose words a table holds. */
const LOGS: Readonly<Record<string, string>> = { event_words: 'events', delivery_words: 'deliveries' };

/** @returns the first id of the log from `from` on whose words belong into a table */
export async function selectFirstId(db: Queryable, table: string, from: string): Promise<string | undefined> {
  const text = `select id from ${LOGS[table] ?? table} where id >= $1 order by id limit 1`;
  const [row] = await db.query<{ id: string }>({ text }, [from]);
  return row?.id;
}
