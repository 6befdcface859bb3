import type { Database } from '../database/database.js';
import type { ErasedPerson } from './erased-person.js';
import { eraseStrings } from './erase-strings.js';
import { eraseKeptAnswer, type KeptAnswer, selectKeptAnswers } from './sql/kept-answers.js';

const AT_ONCE = 200;
const START = { key_id: '00000000-0000-0000-0000-000000000000', key: '' };

/** Takes a person out of what was answered to requests with an Idempotency-Key: a day's worth. */
export async function eraseFromAnswers(db: Database, person: ErasedPerson): Promise<void> {
  for (let after: Pick<KeptAnswer, 'key_id' | 'key'> | undefined = START; after;) {
    const part: KeptAnswer[] = await selectKeptAnswers(db, person.email, after, AT_ONCE);
    for (const kept of part) {
      if (kept.answer === null) continue;
      await eraseKeptAnswer(db, { ...kept, answer: eraseStrings(kept.answer, (text) => person.email.erase(text)) });
    }
    after = part.length < AT_ONCE ? undefined : part.at(-1);
  }
}
