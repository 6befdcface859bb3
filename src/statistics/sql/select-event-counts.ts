import type { Queryable, Statement } from '../../database/database.js';
import type { StatisticsRange } from '../statistics-range.js';

/** How many events came to one outcome in one bucket. */
export interface EventCountRow {
  /** Its beginning in Unix milliseconds; null where there are no buckets. */
  bucket: number | null;
  outcome: string;
  count: number;
}

const SELECT_EVENT_COUNTS: Statement = {
  name: 'select-event-counts',
  text: `
    select (extract(epoch from date_trunc($3, hour, 'UTC')) * 1000)::float8 as bucket, outcome,
           sum(count)::float8 as count
    from event_summaries
    where hour >= $1 and hour < $2
    group by 1, 2`,
};

export function selectEventCounts(db: Queryable, range: StatisticsRange): Promise<EventCountRow[]> {
  return db.query<EventCountRow>(SELECT_EVENT_COUNTS, [range.since, range.until, range.bucket]);
}
