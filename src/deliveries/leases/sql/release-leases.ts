import type { Database, Statement } from '../../../database/database.js';
import type { Lease } from '../lease.js';

const RELEASE_LEASES: Statement = {
  name: 'release-leases',
  text: `
    update destination_leases held
    set owner = null, newest_message_id = greatest(held.newest_message_id, mine.newest_message_id)
    from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as mine (destination_id, fence, newest_message_id)
    where held.destination_id = mine.destination_id and held.owner = $1 and held.fence = mine.fence`,
};

/** Gives destinations up, so that others can take them at once. */
export async function releaseLeases(db: Database, owner: string, leases: readonly Lease[]): Promise<void> {
  await db.query(RELEASE_LEASES, [
    owner,
    leases.map((lease) => lease.destinationId),
    leases.map((lease) => lease.fence),
    leases.map((lease) => lease.newestMessageId),
  ]);
}
