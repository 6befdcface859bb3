import type { Database, Statement } from '../../../database/database.js';

/** What identifies a topic: everything in lower case but the receiver, as receivers compare them. */
export interface TopicKey {
  receiver: string;
  channel: string;
  topic: string;
}

export interface TopicRow extends TopicKey {
  name: string;
  message_id: string | null;
  is_shared: boolean;
  resolve_by: string | null;
  checked_at: Date;
}

const FIND_TOPICS: Statement = {
  name: 'find-topics',
  text: `
    select t.receiver, t.channel, t.topic, t.name, t.message_id, t.is_shared, t.resolve_by, t.checked_at
    from jsonb_to_recordset($1::jsonb) as k (receiver text, channel text, topic text)
    join topics t on t.receiver = k.receiver and t.channel = k.channel and t.topic = k.topic`,
};

/** @returns those of the topics that were written to before */
export function findTopics(db: Database, keys: readonly TopicKey[]): Promise<TopicRow[]> {
  return db.query<TopicRow>(FIND_TOPICS, [JSON.stringify(keys)]);
}
