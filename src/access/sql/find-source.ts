import type { EntityManager } from 'typeorm';

/** Names are unique whatever their case. */
const FIND_SOURCE = `
  select id
  from sources
  where deleted_at is null and (id::text = lower($1) or lower(name) = lower($1))
  order by id::text = lower($1) desc
  limit 1`;

/** @returns the id of the source that has this id, else this name */
export async function findSource(db: Pick<EntityManager, 'query'>, nameOrId: string): Promise<string | undefined> {
  const rows: { id: string }[] = await db.query(FIND_SOURCE, [nameOrId]);
  return rows[0]?.id;
}
