import type { Database, Statement } from '../../../database/database.js';

/** What identifies a thread within its destination: see `threads` in the first migration. */
export interface ThreadKey {
  /** In lower case. */
  channel: string;
  source_id: string;
  ticket_key: string;
  template: string;
}

const FIND_THREADS: Statement = {
  name: 'find-threads',
  text: `
    select t.channel, t.source_id, t.ticket_key, t.template, t.topic
    from jsonb_to_recordset($2::jsonb) as k (channel text, source_id uuid, ticket_key text, template text)
    join threads t on t.destination_id = $1 and t.channel = k.channel and t.source_id = k.source_id
      and t.ticket_key = k.ticket_key and t.template = k.template`,
};

/** @returns those of the threads that there are, with the topics that their first messages chose */
export function findThreads(
  db: Database,
  destinationId: string,
  keys: readonly ThreadKey[],
): Promise<(ThreadKey & { topic: string })[]> {
  return db.query<ThreadKey & { topic: string }>(FIND_THREADS, [destinationId, JSON.stringify(keys)]);
}
