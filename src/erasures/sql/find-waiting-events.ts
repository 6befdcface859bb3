import type { Queryable, Statement } from '../../database/database.js';
import type { EmailPattern } from '../email-pattern.js';
import { eventHoldsEmail } from './event-holds-email.js';
import { emailValues } from './holds-email.js';

/** Where in the queue a part of it begins. */
export interface QueuePlace {
  destinationId: string;
  sequence: string;
}

interface QueueRow {
  destination_id: string | null;
  sequence: string | null;
  candidates: string[];
}

/* In the order of the queue's own index (deliveries_queue). */
const FIND_WAITING_EVENTS: Statement = {
  name: 'find-waiting-events',
  text: `
    with part as materialized (
      select d.destination_id, d.sequence, d.event_id
      from deliveries d
      where d.state in ('pending', 'sending') and (d.destination_id, d.sequence) > ($1, $2)
      order by d.destination_id, d.sequence
      limit $3
    ), last as (
      select destination_id, sequence
      from part
      order by destination_id desc, sequence desc
      limit 1
    )
    select (select destination_id from last) as destination_id, (select sequence from last) as sequence,
           array(
             select e.id
             from events e
             where e.id = any (array(select event_id from part)) and ${eventHoldsEmail(['$4', '$5', '$6'])}
           ) as candidates`,
};

/** @returns which events of what waits to be sent may hold the address; `next` is null where nothing more waits */
export async function findWaitingEvents(
  db: Queryable,
  email: EmailPattern,
  { destinationId, sequence }: QueuePlace,
  limit: number,
): Promise<{ next: QueuePlace | null; candidates: string[] }> {
  const [row] = await db.query<QueueRow>(FIND_WAITING_EVENTS, [destinationId, sequence, limit, ...emailValues(email)]);
  if (!row || row.destination_id === null || row.sequence === null) return { next: null, candidates: [] };
  return { next: { destinationId: row.destination_id, sequence: row.sequence }, candidates: row.candidates };
}
