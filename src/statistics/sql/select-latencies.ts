import type { Queryable, Statement } from '../../database/database.js';
import type { StatisticsRange } from '../statistics-range.js';

/** How long things of one kind took in one bucket. */
export interface LatencyRow {
  /** Its beginning in Unix milliseconds; null where there are no buckets. */
  bucket: number | null;
  kind: 'end_to_end' | 'attempt';
  steps: number[];
  /** Of each step. */
  counts: number[];
}

const SELECT_LATENCIES: Statement = {
  name: 'select-latencies',
  text: `
    select (extract(epoch from bucket) * 1000)::float8 as bucket, kind, array_agg(step) as steps,
           array_agg(count) as counts
    from (
      select date_trunc($3, hour, 'UTC') as bucket, kind, step, sum(count)::float8 as count
      from latency_summaries
      where hour >= $1 and hour < $2
      group by 1, 2, 3
    ) counted
    group by bucket, kind`,
};

export function selectLatencies(db: Queryable, range: StatisticsRange): Promise<LatencyRow[]> {
  return db.query<LatencyRow>(SELECT_LATENCIES, [range.since, range.until, range.bucket]);
}
