import type { EntityManager } from 'typeorm';

const COUNT_OTHERS = `
  select count(*)::integer as count, coalesce(bool_or(stays_last), false) as has_last
  from routes
  where deleted_at is null and id is distinct from $1`;

/** The routes beside one. */
export interface OtherRoutes {
  count: number;
  /** Whether one of them stays last. */
  has_last: boolean;
}

/** @param id of the one; null = it is new */
export async function countOthers(db: Pick<EntityManager, 'query'>, id: string | null): Promise<OtherRoutes> {
  const [row]: OtherRoutes[] = await db.query(COUNT_OTHERS, [id]);
  return row ?? { count: 0, has_last: false };
}
