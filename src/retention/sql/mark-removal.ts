import type { Queryable } from '../../database/database.js';

/** What a table says of itself that we began to remove. One that an operator detached does not say it, and is left alone. */
export const REMOVAL_MARK = 'deskwire: being removed';

export async function markRemoval(db: Queryable, partition: string): Promise<void> {
  await db.query({ text: `comment on table ${partition} is '${REMOVAL_MARK}'` }, []);
}

export async function unmarkRemoval(db: Queryable, partition: string): Promise<void> {
  await db.query({ text: `comment on table ${partition} is null` }, []);
}
