import type { Queryable } from '../../database/database.js';
import type { LogPartition } from '../log-partition.js';

/**
 * In two steps: new statements stop seeing it; then those are waited for that used its table before. Nobody waits
 * meanwhile, neither readers nor writers (https://www.postgresql.org/docs/current/sql-altertable.html). What it leaves
 * has its bounds as a constraint.
 *
 * @throws when it takes too long; then the first step may be done, and `finalizeDetach` goes on
 */
export async function detachPartition(db: Queryable, { table, name }: LogPartition): Promise<void> {
  await db.query({ text: `alter table ${table} detach partition ${name} concurrently` }, []);
}

/** The second step, after one that was interrupted. @throws when it takes too long again */
export async function finalizeDetach(db: Queryable, { table, name }: LogPartition): Promise<void> {
  await db.query({ text: `alter table ${table} detach partition ${name} finalize` }, []);
}
