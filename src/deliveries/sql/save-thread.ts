import type { Database, Statement } from '../../database/database.js';
import type { ThreadKey } from './find-thread.js';

const SAVE_THREAD: Statement = {
  name: 'save-thread',
  text: `
    insert into threads (destination_id, channel, source_id, ticket_key, template, topic, created_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict do nothing`,
};

/** Remembers the topic of a ticket's first message; a topic that is there already stays. */
export async function saveThread(db: Database, key: ThreadKey, topic: string, now: Date): Promise<void> {
  await db.query(SAVE_THREAD, [key.destinationId, key.channel, key.sourceId, key.ticketKey, key.template, topic, now]);
}
