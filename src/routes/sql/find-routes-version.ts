import type { EntityManager } from 'typeorm';

/* MD5 tells states apart; nobody is kept out by it. */
const FIND_ROUTES_VERSION = `
  select md5(coalesce(string_agg(concat_ws(':', id, version, position), ',' order by position), '')) as version
  from routes
  where deleted_at is null`;

/** @returns what is another after every change of any route, and of their order */
export async function findRoutesVersion(db: Pick<EntityManager, 'query'>): Promise<string> {
  const [row]: { version: string }[] = await db.query(FIND_ROUTES_VERSION);
  return row?.version ?? '';
}
