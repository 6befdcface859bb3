import type { Queryable } from '../../database/database.js';
import { SEALED_COLUMNS } from '../sealed-columns.js';

/* The id of the key is the second part of what `SecretBox` writes: what is damaged behind it still says which key it was. */
const TEXT = `select ${SEALED_COLUMNS.map(
  ({ table, column }) => `exists (select from ${table} where split_part(${column}, ':', 2) = any ($1::text[]))`,
).join(' or ')} as known`;

/** @returns whether one of these keys has encrypted anything that is stored, also of what is disabled or deleted */
export async function knowsAnyKey(db: Queryable, keyIds: readonly string[]): Promise<boolean> {
  const [answer] = await db.query<{ known: boolean }>({ text: TEXT }, [keyIds]);
  return answer?.known === true;
}
