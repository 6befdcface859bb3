import type { Queryable } from '../../../database/database.js';
import type { SealedColumn } from '../../sealed-columns.js';
import type { SealedRow } from './lock-other-keys.js';

/** Writes encrypted values in place of others. Not a change that admins made: neither version nor record tell of it. */
export async function replaceSealed(
  db: Queryable,
  { table, column }: SealedColumn,
  rows: readonly SealedRow[],
): Promise<void> {
  const text = `
    update ${table} set ${column} = given.sealed
    from unnest($1::uuid[], $2::text[]) as given (id, sealed)
    where ${table}.id = given.id`;
  await db.query({ text }, [rows.map(({ id }) => id), rows.map(({ sealed }) => sealed)]);
}
