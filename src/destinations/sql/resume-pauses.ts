import type { Queryable, Statement } from '../../database/database.js';

/* Marked, not removed: whoever owns the destination, now or next, lets what waited go. */
const RESUME_PAUSES: Statement = {
  name: 'resume-pauses',
  text: `
    update pauses
    set resumed_at = $2
    where destination_id = $1 and resumed_at is null`,
};

/** Ends all pauses of a destination, its channels' too. */
export async function resumePauses(db: Queryable, destinationId: string, now: Date): Promise<void> {
  await db.query(RESUME_PAUSES, [destinationId, now]);
}
