import type { QueryResultRow } from 'pg';
import { deliveryConditions } from '../../audit/delivery-conditions.js';
import type { DeliveryFilter } from '../../audit/log-query.dto.js';
import type { Queryable } from '../../database/database.js';

/** Why a delivery that a filter names is not sent again. */
export const REPLAY_HINDRANCES = ['already_replayed', 'destination_deleted', 'event_gone'] as const;
export type ReplayHindrance = (typeof REPLAY_HINDRANCES)[number];

interface FoundReplayable extends QueryResultRow {
  id: string;
  left_out: ReplayHindrance | null;
}

/**
 * Looks only at as many rows as are taken up, and finds what belongs to each by its index: hence the limits and offsets,
 * without which the planner at times reads all events instead, or all of a destination.
 *
 * @returns at most `most` deliveries that a filter names, in the order in which their events were accepted: a replay that
 *   is replayed stands where its original stood
 * @throws Problem 400 when `since` is after `until`
 */
export function selectReplayable(db: Queryable, filter: DeliveryFilter, most: number): Promise<FoundReplayable[]> {
  const where = deliveryConditions(filter);
  const text = `
    select d.id,
           case when replay.id is not null then 'already_replayed'
                when destination.deleted_at is not null then 'destination_deleted'
                when event.id is null then 'event_gone' end as left_out
    from (
      select d.id, d.sequence, d.event_id, d.route_id, d.destination_id, d.replay_of
      from deliveries d
      where ${where.sql}
      limit ${most}
    ) d
    join destinations destination on destination.id = d.destination_id
    left join lateral (select r.id from deliveries r where r.replay_of = d.id limit 1) replay on true
    left join lateral (
      select e.id from events e where e.id = d.event_id and e.event is not null limit 1
    ) event on true
    left join lateral (
      select o.sequence
      from (select s.* from deliveries s where s.event_id = d.event_id and d.replay_of is not null offset 0) o
      where o.destination_id = d.destination_id and o.route_id is not distinct from d.route_id
      order by o.sequence
      limit 1
    ) original on true
    order by coalesce(original.sequence, d.sequence)`;
  return db.query<FoundReplayable>({ text }, where.values);
}
