import type { EntityManager } from 'typeorm';
import type { RouteSnapshot } from '../route.entity.js';

const INSERT_REVISION = `
  insert into route_revisions (routes, created_at)
  select $1::jsonb, $2
  where $1::jsonb is distinct from (select routes from route_revisions order by id desc limit 1)`;

/** Writes what events are judged by from now on, unless they are judged by that already. */
export async function insertRevision(
  db: Pick<EntityManager, 'query'>,
  routes: readonly RouteSnapshot[],
  now: Date,
): Promise<void> {
  await db.query(INSERT_REVISION, [JSON.stringify(routes), now]);
}
