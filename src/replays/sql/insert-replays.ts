import type { QueryResultRow } from 'pg';
import type { Queryable, Statement } from '../../database/database.js';
import { FIRST_LATE_SEQUENCE, LATE_LANE } from '../../deliveries/delivery.js';

/*
 * In the order of the list, behind all that is new. Where another route sent the event to the same destination, the
 * dispatcher is to see whether that was the same place. `offset 0` has them found by their event alone: where nothing
 * is known of a new partition, the planner may take the index of the destination instead, and read all of it.
 */
const INSERT_REPLAYS: Statement = {
  name: 'insert-replays',
  text: `
    insert into deliveries (id, event_id, source_id, route_id, destination_id, type, ticket_key, ticket_number, lane,
                            sequence, has_sibling, state, next_attempt_at, created_at, replay_of, replayed_by, traceparent)
    select o.new_id, o.event_id, o.source_id, o.route_id, o.destination_id, o.type, o.ticket_key, o.ticket_number, o.lane,
           $6::bigint + nextval('delivery_sequence'), o.has_sibling, 'pending', $3, $3, o.id, $4,
           o.traceparent
    from (
      select n.new_id, d.id, d.event_id, d.source_id, d.route_id, d.destination_id, d.type, d.ticket_key, d.ticket_number,
             d.traceparent, case when starts_with(d.lane, $5) then d.lane else $5 || d.lane end as lane, sibling.id is not null as has_sibling
      from unnest($1::uuid[], $2::uuid[]) with ordinality as n (id, new_id, position)
      join deliveries d on d.id = n.id
      left join lateral (
        select s.id
        from (select o.* from deliveries o where o.event_id = d.event_id offset 0) s
        where s.destination_id = d.destination_id and s.route_id is distinct from d.route_id
        limit 1
      ) sibling on true
      where d.id = any ($1::uuid[])
      order by n.position
    ) o
    returning destination_id`,
};

export interface NewReplay {
  /** Of the delivery that is sent again. */
  id: string;
  newId: string;
}

/** @returns the destinations of what was added */
export async function insertReplays(
  db: Queryable,
  replays: readonly NewReplay[],
  at: Date,
  keyId: string | null,
): Promise<Set<string>> {
  const rows = await db.query<QueryResultRow & { destination_id: string }>(INSERT_REPLAYS, [
    replays.map(({ id }) => id),
    replays.map(({ newId }) => newId),
    at,
    keyId,
    LATE_LANE,
    FIRST_LATE_SEQUENCE,
  ]);
  return new Set(rows.map((row) => row.destination_id));
}
