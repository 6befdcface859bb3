import type { Database, Statement } from '../../database/database.js';

/* Not what is in doubt: that waits until its request can no longer land. */
const RELEASE_WAITING: Statement = {
  name: 'release-waiting',
  text: `
    update deliveries
    set next_attempt_at = $2
    where destination_id = $1 and state = 'pending' and tries > 0 and not in_doubt and next_attempt_at > $2`,
};

/** Lets all lanes of a destination go at once: what they waited for is over. */
export async function releaseWaiting(db: Database, destinationId: string, now: Date): Promise<void> {
  await db.query(RELEASE_WAITING, [destinationId, now]);
}
