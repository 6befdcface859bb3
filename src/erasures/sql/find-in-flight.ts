import type { Queryable, Statement } from '../../database/database.js';

/** A delivery of which the end is not known yet. */
export interface InFlight {
  id: string;
  event_id: string;
}

/*
 * What is being sent or may have arrived; what waits still; and what has ended, but travelled in a message of which another
 * delivery is in doubt: that is looked up by the message's words. Of those there are few (deliveries_waiting).
 */
const FIND_IN_FLIGHT: Statement = {
  name: 'find-in-flight',
  text: `
    select d.id, d.event_id
    from deliveries d
    where d.event_id = any ($1::uuid[]) and d.id >= $2
      and (
        d.state = 'sending'
        or (d.state = 'pending' and (d.in_doubt or not $3))
        or exists (
          select
          from attempts a
          join deliveries other on other.destination_id = d.destination_id and other.state = 'pending'
            and other.tries > 0 and other.in_doubt
          join attempts latest on latest.id = other.attempt_id and latest.joined_id = a.joined_id
          where a.delivery_id = d.id and a.joined_id is not null
        )
      )`,
};

/**
 * @param from the lowest id that any of their deliveries can have
 * @param isDryRun what waits would be cancelled, and counts as if it were
 */
export function findInFlight(
  db: Queryable,
  eventIds: readonly string[],
  from: string,
  isDryRun: boolean,
): Promise<InFlight[]> {
  return db.query<InFlight>(FIND_IN_FLIGHT, [eventIds, from, isDryRun]);
}
