import type { Database, Statement } from '../../database/database.js';

const FORGET_KEYS: Statement = {
  name: 'forget-keys',
  text: `
    with expired as (
      select source_id, key
      from deduplication_keys
      where expires_at <= $1
      order by expires_at
      limit $2
      for update skip locked
    ), forgotten as (
      delete from deduplication_keys d
      using expired e
      where d.source_id = e.source_id and d.key = e.key
      returning 1
    )
    select count(*)::int as count
    from forgotten`,
};

/** Removes at most `limit` keys that no longer make a duplicate. @returns how many there were */
export async function forgetKeys(db: Database, now: Date, limit: number): Promise<number> {
  const [row] = await db.query<{ count: number }>(FORGET_KEYS, [now, limit]);
  return row?.count ?? 0;
}
