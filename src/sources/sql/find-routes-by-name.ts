import type { EntityManager } from 'typeorm';
import type { User } from '../../http/problem.js';
import { matcherValues } from './matcher-values.js';

const FIND_ROUTES_BY_NAME = `
  select route.id, route.name
  from routes route
  where route.deleted_at is null
    and exists (
      select
      from jsonb_array_elements(route.matchers) matcher
      where matcher ->> 'field' = 'source.name'
        and matcher ->> 'op' in ('eq', 'ne', 'in', 'not_in')
        and $1 = any (${matcherValues('matcher')})
        and $2 <> all (${matcherValues('matcher')})
    )
  order by route.position`;

/** @returns the routes, disabled ones too, that would judge a source's events otherwise if it had another name */
export async function findRoutesByName(
  db: Pick<EntityManager, 'query'>,
  name: string,
  newName: string,
): Promise<User[]> {
  const rows: { id: string; name: string }[] = await db.query(FIND_ROUTES_BY_NAME, [name, newName]);
  return rows.map((row) => ({ kind: 'route', ...row }));
}
