import type { Database, Statement } from '../../../database/database.js';
import type { TopicKey } from './find-topics.js';

const SAVE_TOPIC: Statement = {
  name: 'save-topic',
  text: `
    update topics
    set name = $4, checked_at = $5, failure = case when $7 then $6 else failure end,
        resolve_by = case when $7 then null else resolve_by end
    where receiver = $1 and channel = $2 and topic = $3`,
};

export interface TopicState {
  /** As it is called now. */
  name: string;
  /** When the receiver was last asked for that. */
  checkedAt: Date;
  /** Why it could not be resolved or reopened; what is known of that stays unless `isSettled`. */
  failure: string | null;
  /** It was resolved or reopened, or could not be: nothing of it is left to be done. */
  isSettled: boolean;
}

/** Writes what is known of a topic now. */
export async function saveTopic(db: Database, key: TopicKey, state: TopicState): Promise<void> {
  const { name, checkedAt, failure, isSettled } = state;
  await db.query(SAVE_TOPIC, [key.receiver, key.channel, key.topic, name, checkedAt, failure, isSettled]);
}
