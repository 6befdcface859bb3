import type { Database, Statement } from '../../database/database.js';

/* One look into the partial index a destination, however long the queue. */
const FIND_WAITING_DESTINATIONS: Statement = {
  name: 'find-waiting-destinations',
  text: `
    select d.id, extract(epoch from l.expires_at - clock_timestamp())::float8 * 1000 as held_for_ms, l.owner
    from destinations d
    left join destination_leases l on l.destination_id = d.id
    where d.deleted_at is null and d.disabled_at is null
      and exists (select from deliveries q where q.destination_id = d.id and q.state in ('pending', 'sending'))`,
};

export interface WaitingDestination {
  id: string;
  /** Milliseconds until the lease of its owner runs out; null or negative = nobody's. */
  held_for_ms: number | null;
  owner: string | null;
}

/** @returns the destinations that anything waits for, and for how long they have an owner */
export function findWaitingDestinations(db: Database): Promise<WaitingDestination[]> {
  return db.query<WaitingDestination>(FIND_WAITING_DESTINATIONS, []);
}
