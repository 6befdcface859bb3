import { ERASED } from '../../changes/refer-to-people.js';
import type { Queryable, Statement } from '../../database/database.js';

const ERASE_ATTEMPTS: Statement = {
  name: 'erase-attempts',
  text: `
    update attempts
    set content = case when content is not null then $2 end, response = case when response is not null then $2 end
    where id = any ($1::uuid[])`,
};

/** Takes out of attempts what was sent in all, and what the receiver said to it. */
export async function eraseAttempts(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.query(ERASE_ATTEMPTS, [ids, ERASED]);
}
