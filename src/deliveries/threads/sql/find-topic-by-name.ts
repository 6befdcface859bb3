import type { Database, Statement } from '../../../database/database.js';
import type { TopicRow } from './find-topics.js';

const FIND_TOPIC_BY_NAME: Statement = {
  name: 'find-topic-by-name',
  text: `
    select receiver, channel, topic, name, message_id, is_shared, resolve_by, checked_at
    from topics
    where receiver = $1 and channel = $2 and lower(name) = lower($3)
    limit 1`,
};

/** @returns a topic by the name that it has now */
export async function findTopicByName(
  db: Database,
  receiver: string,
  channel: string,
  name: string,
): Promise<TopicRow | undefined> {
  const [row] = await db.query<TopicRow>(FIND_TOPIC_BY_NAME, [receiver, channel, name]);
  return row;
}
