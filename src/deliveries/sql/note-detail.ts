import type { Database, Statement } from '../../database/database.js';

const NOTE_DETAIL: Statement = {
  name: 'note-detail',
  text: `
    update deliveries
    set detail = $2
    where id = $1`,
};

/** Notes beside a delivery what went wrong around it, in words; its state stays. */
export async function noteDetail(db: Database, deliveryId: string, detail: string): Promise<void> {
  await db.query(NOTE_DETAIL, [deliveryId, detail]);
}
