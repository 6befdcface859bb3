import type { Queryable } from '../../../database/database.js';
import type { SealedColumn } from '../../sealed-columns.js';

/** A value that another key than the present one encrypted. */
export interface SealedRow {
  id: string;
  sealed: string;
}

/**
 * Holds the next rows of a column that another key encrypted, until the end of the transaction. Whoever changes a secret
 * meanwhile waits for that; rows that somebody is changing are left out, so that nobody waits for another here and two
 * rotations at once share the work.
 *
 * @param prefix what everything begins with that the present key encrypted
 * @param after the highest id that is done with
 */
export function lockOtherKeys(
  db: Queryable,
  { table, column }: SealedColumn,
  { prefix, after, limit }: { prefix: string; after: string; limit: number },
): Promise<SealedRow[]> {
  const text = `
    select id, ${column} as sealed
    from ${table}
    where not starts_with(${column}, $1) and id > $2
    order by id
    limit $3
    for no key update skip locked`;
  return db.query<SealedRow>({ text }, [prefix, after, limit]);
}
