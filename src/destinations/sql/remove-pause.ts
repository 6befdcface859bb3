import type { Database, Statement } from '../../database/database.js';

const REMOVE_PAUSE: Statement = {
  name: 'remove-pause',
  text: `
    delete from pauses
    where destination_id = $1 and channel = $2`,
};

export async function removePause(db: Database, destinationId: string, channel: string): Promise<void> {
  await db.query(REMOVE_PAUSE, [destinationId, channel]);
}
