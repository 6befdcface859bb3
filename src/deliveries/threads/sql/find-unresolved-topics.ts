import type { Database, Statement } from '../../../database/database.js';
import type { TopicRow } from './find-topics.js';

const FIND_UNRESOLVED_TOPICS: Statement = {
  name: 'find-unresolved-topics',
  text: `
    select receiver, channel, topic, name, message_id, is_shared, resolve_by, checked_at
    from topics
    where resolve_by = $1
    limit 100`,
};

/** @returns topics that the destination's bot was to resolve when its owner ended */
export function findUnresolvedTopics(db: Database, destinationId: string): Promise<TopicRow[]> {
  return db.query<TopicRow>(FIND_UNRESOLVED_TOPICS, [destinationId]);
}
