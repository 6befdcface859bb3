import type { Queryable, Statement } from '../../database/database.js';

/*
 * The next events after the mark, in the order of ids, so that it needs no index of its own: what is before the mark has no
 * raw body any more, whatever the setting was meanwhile. Rows and mark in one commit. Rows are found by a list of their
 * ids, and bounds let partitions out of reach be passed over.
 */
const BLANK_RAW_BODIES: Statement = {
  name: 'blank-raw-bodies',
  text: `
    with mark as materialized (
      select coalesce((select id from log_marks where name = 'raw_bodies'), '00000000-0000-0000-0000-000000000000') as id
    ), batch as materialized (
      select e.id, e.raw_headers is not null or e.raw_body is not null as is_raw
      from events e
      where e.id > (select id from mark) and e.id < $1
      order by e.id
      limit $2
    ), blanked as (
      update events e
      set raw_headers = null, raw_body = null
      where e.id = any (array(select id from batch where is_raw)) and e.id > (select id from mark) and e.id < $1
      returning 1
    ), moved as (
      insert into log_marks (name, id)
      select 'raw_bodies', id
      from batch
      order by id desc
      limit 1
      on conflict (name) do update set id = excluded.id
    )
    select (select count(*)::int from batch) as seen, (select count(*)::int from blanked) as blanked`,
};

export interface BlankedBatch {
  /** Events looked at. */
  seen: number;
  /** Those of them that had a raw body. */
  blanked: number;
}

/** Forgets what helpdesks sent word for word, of the next `limit` events below an id. */
export async function blankRawBodies(db: Queryable, below: string, limit: number): Promise<BlankedBatch> {
  const [row] = await db.query<BlankedBatch & Record<string, unknown>>(BLANK_RAW_BODIES, [below, limit]);
  return { seen: row?.seen ?? 0, blanked: row?.blanked ?? 0 };
}
