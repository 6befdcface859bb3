import type { Queryable } from '../../database/database.js';
import type { PagePosition } from '../../http/page.js';
import type { IdRange } from '../id-range.js';

/** @returns the nth id of a range in the direction in which it is read; undefined where there are fewer */
export async function selectNthId(
  db: Queryable,
  table: 'event_words' | 'delivery_words',
  { from, before }: IdRange,
  direction: PagePosition['direction'],
  n: number,
): Promise<string | undefined> {
  const text = `
    select id
    from ${table}
    where id >= $1 and id < $2
    order by id ${direction === 'next' ? 'desc' : 'asc'}
    offset ${n - 1}
    limit 1`;
  const [row] = await db.query<{ id: string }>({ text }, [from, before]);
  return row?.id;
}
