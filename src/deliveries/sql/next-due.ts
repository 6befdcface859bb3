import type { Database, Statement } from '../../database/database.js';

const NEXT_DUE: Statement = {
  name: 'next-due',
  text: `
    select min(next_attempt_at) as at
    from deliveries
    where destination_id = $1 and state = 'pending'`,
};

/** @returns when the earliest waiting delivery of a destination may be tried, or null when nothing waits */
export async function nextDue(db: Database, destinationId: string): Promise<Date | null> {
  const [row] = await db.query<{ at: Date | null }>(NEXT_DUE, [destinationId]);
  return row?.at ?? null;
}
