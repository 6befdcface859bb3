import type { Database, Statement } from '../../database/database.js';

/* One look into the partial index (deliveries_queue) a destination; the limit keeps it from being planned otherwise. */
const FIND_LEFT_BEHIND: Statement = {
  name: 'find-left-behind',
  text: `
    select d.id
    from destinations d
    cross join lateral (
      select
      from deliveries q
      where q.destination_id = d.id and q.state in ('pending', 'sending')
      order by q.sequence
      limit 1
    ) waiting
    where d.deleted_at is not null`,
};

/** @returns the deleted destinations that anything waits for all the same */
export async function findLeftBehind(db: Database): Promise<string[]> {
  const rows = await db.query<{ id: string }>(FIND_LEFT_BEHIND, []);
  return rows.map(({ id }) => id);
}
