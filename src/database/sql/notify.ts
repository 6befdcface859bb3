import type { Database } from '../database.js';

const NOTIFY = { name: 'notify', text: 'select pg_notify($1, $2)' };

/** Tells every process that listens, this one too. @param payload below 8000 bytes; the same twice at once is heard once */
export async function notify(db: Database, channel: string, payload: string): Promise<void> {
  await db.query(NOTIFY, [channel, payload]);
}
