import type { Queryable, Statement } from '../../database/database.js';
import type { Followed, Stretch } from './stretch.js';

/*
 * What is in the index of words is counted as well: both are one commit, so nothing is counted twice. Rows are counted in
 * sorted order, as everybody counts, so that two commits cannot deadlock.
 */
const FOLLOW_EVENTS: Statement = {
  name: 'follow-events',
  text: `
    with batch as (
      select e.id, e.source_id, e.outcome, e.received_at, e.event, e.detail
      from events e
      where e.id >= $1 and e.id < $2
      order by e.id
      limit $3
    ), indexed as (
      insert into event_words (id, words)
      select b.id, deskwire_words(concat_ws(' ', deskwire_event_text(b.event), b.detail))
      from batch b
      where not exists (select from event_words w where w.id = b.id)
      on conflict do nothing
      returning id
    ), counted as (
      insert into event_summaries as s (hour, source_id, outcome, count)
      select date_trunc('hour', b.received_at, 'UTC') as hour, b.source_id, b.outcome, count(*)
      from batch b
      join indexed i on i.id = b.id
      group by 1, 2, 3
      order by 1, 2, 3
      on conflict (hour, source_id, outcome) do update
      set count = s.count + excluded.count
    )
    select count(*)::int as count, (array_agg(id order by id desc))[1] as last
    from batch`,
};

/** Puts events into the index of words and counts them, where that has not been done. */
export async function followEvents(db: Queryable, { from, before, limit }: Stretch): Promise<Followed> {
  const [row] = await db.query<Followed>(FOLLOW_EVENTS, [from, before, limit]);
  return row ?? { count: 0, last: null };
}
