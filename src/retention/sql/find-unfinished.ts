import type { Queryable } from '../../database/database.js';
import { lowestId, monthAfter } from '../../database/partitions.js';

const UNFINISHED = "state in ('pending', 'sending')";

/** @returns whether any delivery of a table, which need not be attached, is still to be sent */
export async function hasUnfinished(db: Queryable, partition: string): Promise<boolean> {
  return isSo(db, `select exists (select from ${partition} where ${UNFINISHED}) as is_so`, []);
}

/**
 * @param tables of deliveries: the log's, and what is detached from it
 * @returns whether any delivery that is still to be sent is of an event of the month
 */
export async function refersToEventsOf(db: Queryable, tables: readonly string[], month: Date): Promise<boolean> {
  return isSo(
    db,
    `${withUnfinished(tables)}
     select exists (select from unfinished where event_id >= $1 and event_id < $2) as is_so`,
    [lowestId(month), lowestId(monthAfter(month))],
  );
}

/**
 * @param tables as above
 * @returns whether any delivery that is still to be sent was made before the month ended: it may have attempts of it
 */
export async function mayHaveAttemptsOf(db: Queryable, tables: readonly string[], month: Date): Promise<boolean> {
  return isSo(
    db,
    `${withUnfinished(tables)}
     select exists (select from unfinished where id < $1) as is_so`,
    [lowestId(monthAfter(month))],
  );
}

/* Apart from what is asked of it, so that the index of what waits (deliveries_queue) is the only one that helps. */
function withUnfinished(tables: readonly string[]): string {
  const each = tables.map((table) => `select id, event_id from ${table} where ${UNFINISHED}`);
  return `with unfinished as materialized (${each.join(' union all ')})`;
}

async function isSo(db: Queryable, text: string, values: unknown[]): Promise<boolean> {
  const [row] = await db.query<{ is_so: boolean }>({ text }, values);
  return row?.is_so === true;
}
