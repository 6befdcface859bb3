import type { Database, Statement } from '../../../database/database.js';
import type { Lease } from '../lease.js';

const RAISE_FENCE: Statement = {
  name: 'raise-fence',
  text: `
    update destination_leases
    set fence = fence + 1, expires_at = clock_timestamp() + make_interval(secs => $4)
    where destination_id = $1 and owner = $2 and fence = $3
    returning fence`,
};

/** @returns the new fence, or undefined when the lease is another's */
export async function raiseFence(db: Database, lease: Lease, seconds: number): Promise<string | undefined> {
  const [row] = await db.query<{ fence: string }>(RAISE_FENCE, [
    lease.destinationId,
    lease.owner,
    lease.fence,
    seconds,
  ]);
  return row?.fence;
}
