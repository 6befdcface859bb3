import type { Database, Statement } from '../../../database/database.js';

/* By the database's clock alone, which is the only one that all processes share. */
const ACQUIRE_LEASE: Statement = {
  name: 'acquire-lease',
  text: `
    insert into destination_leases as held (destination_id, owner, fence, expires_at)
    values ($1, $2, 1, clock_timestamp() + make_interval(secs => $3))
    on conflict (destination_id) do update
    set owner = excluded.owner, fence = held.fence + 1, expires_at = excluded.expires_at
    where held.owner is null or held.expires_at <= clock_timestamp() or $4::boolean
    returning fence, newest_message_id`,
};

export interface AcquiredLease {
  fence: string;
  newest_message_id: string | null;
}

/**
 * @param evenIfHeld for a process that is alone on its database: whoever holds the lease is dead
 * @returns undefined while another process has it
 */
export async function acquireLease(
  db: Database,
  destinationId: string,
  owner: string,
  seconds: number,
  evenIfHeld: boolean,
): Promise<AcquiredLease | undefined> {
  const [row] = await db.query<AcquiredLease>(ACQUIRE_LEASE, [destinationId, owner, seconds, evenIfHeld]);
  return row;
}
