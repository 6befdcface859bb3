import type { Database, Statement } from '../../../database/database.js';
import type { Lease } from '../lease.js';

/* Also what has run out, as long as nobody else has taken it. */
const RENEW_LEASES: Statement = {
  name: 'renew-leases',
  text: `
    update destination_leases held
    set expires_at = clock_timestamp() + make_interval(secs => $2),
        newest_message_id = greatest(held.newest_message_id, mine.newest_message_id)
    from unnest($3::uuid[], $4::bigint[], $5::bigint[]) as mine (destination_id, fence, newest_message_id)
    where held.destination_id = mine.destination_id and held.owner = $1 and held.fence = mine.fence
    returning held.destination_id`,
};

/** @returns the ids of the destinations that are still the owner's */
export async function renewLeases(
  db: Database,
  owner: string,
  seconds: number,
  leases: readonly Lease[],
): Promise<Set<string>> {
  const rows = await db.query<{ destination_id: string }>(RENEW_LEASES, [
    owner,
    seconds,
    leases.map((lease) => lease.destinationId),
    leases.map((lease) => lease.fence),
    leases.map((lease) => lease.newestMessageId),
  ]);
  return new Set(rows.map((row) => row.destination_id));
}
