import type { Queryable, Statement } from '../../database/database.js';

/* An admin's goes only once an admin has ended it: it may have begun a moment ago, in the place of the one that ends. */
const REMOVE_PAUSE: Statement = {
  name: 'remove-pause',
  text: `
    delete from pauses
    where destination_id = $1 and channel = $2 and (reason <> 'paused' or resumed_at is not null)`,
};

export async function removePause(db: Queryable, destinationId: string, channel: string): Promise<void> {
  await db.query(REMOVE_PAUSE, [destinationId, channel]);
}
