import { ERASED } from '../../changes/refer-to-people.js';
import type { Queryable, Statement } from '../../database/database.js';

/** What is erased of an attempt. */
export interface ErasedAttempt {
  id: string;
  has_content: boolean;
  has_response: boolean;
}

const ERASE_ATTEMPTS: Statement = {
  name: 'erase-attempts',
  text: `
    update attempts a
    set content = case when n.has_content then $2 else a.content end,
        response = case when n.has_response then $2 else a.response end
    from jsonb_to_recordset($1::jsonb) as n (id uuid, has_content boolean, has_response boolean)
    where a.id = n.id and a.id = any ($3::uuid[])`,
};

/** Takes out of attempts what was sent in all, and what the receiver said to it. */
export async function eraseAttempts(db: Queryable, attempts: readonly ErasedAttempt[]): Promise<void> {
  await db.query(ERASE_ATTEMPTS, [JSON.stringify(attempts), ERASED, attempts.map(({ id }) => id)]);
}
