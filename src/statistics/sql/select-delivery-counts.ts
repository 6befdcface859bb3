import type { Queryable, Statement } from '../../database/database.js';
import type { StatisticsRange } from '../statistics-range.js';

/** How many deliveries of one thing ended in one state. */
export interface DeliveryCountRow {
  part: 'reason' | 'provider' | 'source' | 'route' | 'destination' | 'bucket';
  /** The reason, the provider, an id, or the bucket's beginning in Unix milliseconds; null for a subscriber's route. */
  key: string | null;
  /** Of the source, route or destination, deleted ones too. */
  name: string | null;
  /** Of the source. */
  provider: string | null;
  state: string;
  count: number;
}

/* The summaries are read once, hours added up; everything else is counted from that. */
const SELECT_DELIVERY_COUNTS: Statement = {
  name: 'select-delivery-counts',
  text: `
    with counted as materialized (
      select date_trunc($3, hour, 'UTC') as bucket, source_id, route_id, destination_id, state, reason,
             sum(count) as count
      from delivery_summaries
      where hour >= $1 and hour < $2
      group by 1, 2, 3, 4, 5, 6
    )
    select 'reason' as part, reason as key, null as name, null as provider, state, sum(count)::float8 as count
    from counted
    group by state, reason
    union all
    select 'provider', s.provider, null, null, c.state, sum(c.count)::float8
    from counted c
    join sources s on s.id = c.source_id
    group by s.provider, c.state
    union all
    select 'source', s.id::text, s.name, s.provider, c.state, sum(c.count)::float8
    from counted c
    join sources s on s.id = c.source_id
    group by s.id, c.state
    union all
    select 'route', c.route_id::text, r.name, null, c.state, sum(c.count)::float8
    from counted c
    left join routes r on r.id = c.route_id
    group by c.route_id, r.name, c.state
    union all
    select 'destination', d.id::text, d.name, null, c.state, sum(c.count)::float8
    from counted c
    join destinations d on d.id = c.destination_id
    group by d.id, c.state
    union all
    select 'bucket', (extract(epoch from bucket) * 1000)::bigint::text, null, null, state, sum(count)::float8
    from counted
    where bucket is not null
    group by bucket, state`,
};

export function selectDeliveryCounts(db: Queryable, range: StatisticsRange): Promise<DeliveryCountRow[]> {
  return db.query<DeliveryCountRow>(SELECT_DELIVERY_COUNTS, [range.since, range.until, range.bucket]);
}
