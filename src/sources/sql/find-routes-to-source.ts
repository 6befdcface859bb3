import type { EntityManager } from 'typeorm';
import type { User } from '../../http/problem.js';
import { matcherValues } from './matcher-values.js';

const FIND_ROUTES_TO_SOURCE = `
  select route.id, route.name
  from routes route
  where route.deleted_at is null
    and exists (
      select
      from jsonb_array_elements(route.matchers) matcher
      where matcher ->> 'op' in ('eq', 'in')
        and case matcher ->> 'field'
              when 'source.id' then $1 = any (${matcherValues('matcher')})
              when 'source.name' then $2 = any (${matcherValues('matcher')})
            end
    )
  order by route.position`;

/** @returns the routes, disabled ones too, that wait for events of a source: they name it by its id or its name */
export async function findRoutesToSource(
  db: Pick<EntityManager, 'query'>,
  { id, name }: { id: string; name: string },
): Promise<User[]> {
  const rows: { id: string; name: string }[] = await db.query(FIND_ROUTES_TO_SOURCE, [id, name]);
  return rows.map((row) => ({ kind: 'route', ...row }));
}
