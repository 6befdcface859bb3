import type { Queryable, Statement } from '../../database/database.js';

const REMOVE_FAILING: Statement = {
  name: 'remove-failing',
  text: `
    delete from failing_destinations
    where destination_id = $1`,
};

export async function removeFailing(db: Queryable, destinationId: string): Promise<void> {
  await db.query(REMOVE_FAILING, [destinationId]);
}
