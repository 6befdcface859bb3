import type { Queryable } from '../../../database/database.js';
import type { SealedColumn } from '../../sealed-columns.js';

/** @returns how many values of a column the present key encrypted, and how many another one */
export async function countSealed(
  db: Queryable,
  { table, column }: SealedColumn,
  prefix: string,
): Promise<{ present: number; other: number }> {
  const text = `
    select count(*) filter (where starts_with(${column}, $1))::int as present,
      count(*) filter (where not starts_with(${column}, $1))::int as other
    from ${table}`;
  const [counts] = await db.query<{ present: number; other: number }>({ text }, [prefix]);
  return counts ?? { present: 0, other: 0 };
}
