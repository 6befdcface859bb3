import type { Database, Statement } from '../../database/database.js';

const FIND_WAITING_DESTINATIONS: Statement = {
  name: 'find-waiting-destinations',
  text: `
    select distinct destination_id
    from deliveries
    where state in ('pending', 'sending')`,
};

/** @returns the destinations that anything waits for */
export async function findWaitingDestinations(db: Database): Promise<string[]> {
  const rows = await db.query<{ destination_id: string }>(FIND_WAITING_DESTINATIONS, []);
  return rows.map((row) => row.destination_id);
}
