import type { Queryable, Statement } from '../../database/database.js';
import type { Followed, Stretch } from './stretch.js';

/* A delivery has the words of its event, taken from there where they are known; its error has an index of its own. */
const FOLLOW_DELIVERIES: Statement = {
  name: 'follow-deliveries',
  text: `
    with batch as (
      select d.id, d.event_id
      from deliveries d
      where d.id >= $1 and d.id < $2
      order by d.id
      limit $3
    ), indexed as (
      insert into delivery_words (id, words)
      select b.id, coalesce(w.words, deskwire_words(deskwire_event_text(e.event)))
      from batch b
      join events e on e.id = b.event_id
      left join event_words w on w.id = b.event_id
      where not exists (select from delivery_words known where known.id = b.id)
      on conflict do nothing
    )
    select count(*)::int as count, (array_agg(id order by id desc))[1] as last
    from batch`,
};

/** Puts deliveries into the index of words, where they are not there yet. */
export async function followDeliveries(db: Queryable, { from, before, limit }: Stretch): Promise<Followed> {
  const [row] = await db.query<Followed>(FOLLOW_DELIVERIES, [from, before, limit]);
  return row ?? { count: 0, last: null };
}
