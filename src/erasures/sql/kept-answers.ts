import type { Queryable, Statement } from '../../database/database.js';
import type { EmailPattern } from '../email-pattern.js';
import { emailValues, holdsEmail } from './holds-email.js';

/** What was answered to a request with an Idempotency-Key. */
export interface KeptAnswer {
  key_id: string;
  key: string;
  answer: unknown;
}

/* A day's worth, by primary key. */
const SELECT_KEPT_ANSWERS: Statement = {
  name: 'select-kept-answers',
  text: `
    with part as materialized (
      select key_id, key, answer
      from idempotency_keys
      where (key_id, key) > ($1, $2)
      order by key_id, key
      limit $3
    )
    select key_id, key, case when ${holdsEmail('answer::text', ['$4', '$5', '$6'])} then answer end as answer
    from part
    order by key_id, key`,
};

const ERASE_KEPT_ANSWER: Statement = {
  name: 'erase-kept-answer',
  text: 'update idempotency_keys set answer = $3::jsonb where key_id = $1 and key = $2 and answer is not null',
};

/** @returns the next keys; with what was answered only where that may hold the address */
export function selectKeptAnswers(
  db: Queryable,
  email: EmailPattern,
  after: Pick<KeptAnswer, 'key_id' | 'key'>,
  limit: number,
): Promise<KeptAnswer[]> {
  return db.query<KeptAnswer>(SELECT_KEPT_ANSWERS, [after.key_id, after.key, limit, ...emailValues(email)]);
}

export async function eraseKeptAnswer(db: Queryable, { key_id, key, answer }: KeptAnswer): Promise<void> {
  await db.query(ERASE_KEPT_ANSWER, [key_id, key, JSON.stringify(answer)]);
}
