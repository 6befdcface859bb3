import type { Database, Statement } from '../../database/database.js';

/* Only what waits for its time (deliveries_waiting): what was never tried is due at once. */
const NEXT_DUE: Statement = {
  name: 'next-due',
  text: `
    select min(next_attempt_at) as at
    from deliveries
    where destination_id = $1 and state = 'pending' and tries > 0 and next_attempt_at > $2`,
};

/** @returns when the earliest waiting delivery of a destination may be tried, or null when none waits for its time */
export async function nextDue(db: Database, destinationId: string, now: Date): Promise<Date | null> {
  const [row] = await db.query<{ at: Date | null }>(NEXT_DUE, [destinationId, now]);
  return row?.at ?? null;
}
