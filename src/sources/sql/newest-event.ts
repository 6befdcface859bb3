const LOWEST_ID = "'00000000-0000-0000-0000-000000000000'";
const HIGHEST_ID = "'ffffffff-ffff-ffff-ffff-ffffffffffff'";

/**
 * SQL of the newest event of a source, as a subquery: the last entry of the index events_source. That is why it compares
 * rows: with `source_id = …` the planner believes that it finds one sooner by going back through the primary key, which
 * for a source that is rarely heard is the whole of a partition (measured with 62 partitions and 200 sources, half of them
 * never heard: 9 ms, against 2.4 s).
 *
 * @param source alias of the source
 */
export function newestEvent(source: string): string {
  return `
    select received_at
    from events
    where (source_id, id) >= (${source}.id, ${LOWEST_ID}) and (source_id, id) <= (${source}.id, ${HIGHEST_ID})
    order by source_id desc, id desc
    limit 1`;
}
