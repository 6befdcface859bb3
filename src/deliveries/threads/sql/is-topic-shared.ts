import type { Database, Statement } from '../../../database/database.js';
import type { TopicKey } from './find-topics.js';

const IS_TOPIC_SHARED: Statement = {
  name: 'is-topic-shared',
  text: `
    select count(*) > 1 or bool_or(is_shared) as shared
    from topics
    where receiver = $1 and channel = $2 and lower(name) = lower($3)`,
};

/** @returns whether more than one ticket writes to the topic of this name, be it that people gave two topics one name */
export async function isTopicShared(db: Database, key: TopicKey, name: string): Promise<boolean> {
  const [row] = await db.query<{ shared: boolean | null }>(IS_TOPIC_SHARED, [key.receiver, key.channel, name]);
  return row?.shared === true;
}
