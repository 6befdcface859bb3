import { STEP_BEGINNINGS } from '../latency-steps.js';

const STEPS = `'{${STEP_BEGINNINGS.join(',')}}'::float8[]`;

/** The names of what a statement has before the summaries in its `with` list. */
export interface EndedNames {
  /** Deliveries as its update returns them: `destination_id, source_id, route_id, state, reason, created_at, finished_at`. Of those that have not ended `finished_at` is null. */
  deliveries: string;
  /** Attempts that have now ended, where it ends any: `destination_id, ended_at, duration_ms`. */
  attempts?: string;
}

/**
 * The part of a statement that ends deliveries which counts them, in the same commit: what is not returned by the update
 * has not changed, and is not counted. Summaries are the last rows that a statement locks, and are locked in one order
 * (all counts, then all durations, each sorted), so that two commits cannot wait for each other.
 *
 * @returns entries of a `with` list, named `counted` and `timed`, with no comma at either end
 */
export function summariseEnded({ deliveries, attempts }: EndedNames): string {
  return `counted as (
      insert into delivery_summaries as s (hour, destination_id, source_id, route_id, state, reason, count)
      select date_trunc('hour', finished_at, 'UTC'), destination_id, source_id, route_id, state, coalesce(reason, ''),
             count(*)
      from ${deliveries}
      where finished_at is not null
      group by 1, 2, 3, 4, 5, 6
      order by 1, 2, 3, 4, 5, 6
      on conflict on constraint delivery_summaries_once do update set count = s.count + excluded.count
      returning 1
    ), timed as (
      insert into latency_summaries as s (hour, destination_id, kind, step, count)
      select date_trunc('hour', took.ended_at, 'UTC'), took.destination_id, took.kind,
             width_bucket(took.milliseconds::float8, ${STEPS}), count(*)
      from (
        select finished_at as ended_at, destination_id, 'end_to_end' as kind,
               extract(epoch from finished_at - created_at) * 1000 as milliseconds
        from ${deliveries}
        where state = 'delivered'${
          attempts === undefined
            ? ''
            : `
        union all
        select ended_at, destination_id, 'attempt', duration_ms
        from ${attempts}`
        }
      ) took
      where (select count(*) from counted) >= 0
      group by 1, 2, 3, 4
      order by 1, 2, 3, 4
      on conflict (hour, destination_id, kind, step) do update set count = s.count + excluded.count
    )`;
}
