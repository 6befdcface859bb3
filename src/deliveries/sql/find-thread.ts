import type { Database, Statement } from '../../database/database.js';

/** What identifies a thread: see `threads` in the first migration. */
export interface ThreadKey {
  destinationId: string;
  channel: string;
  sourceId: string;
  ticketKey: string;
  template: string;
}

const FIND_THREAD: Statement = {
  name: 'find-thread',
  text: `
    select topic
    from threads
    where destination_id = $1 and channel = $2 and source_id = $3 and ticket_key = $4 and template = $5`,
};

/** @returns the topic that the ticket's first message chose, if there was one */
export async function findThread(db: Database, key: ThreadKey): Promise<string | undefined> {
  const [row] = await db.query<{ topic: string }>(FIND_THREAD, [
    key.destinationId,
    key.channel,
    key.sourceId,
    key.ticketKey,
    key.template,
  ]);
  return row?.topic;
}
