import type { EntityManager } from 'typeorm';

/* The one that stays last has been moved when it is last no more. */
const PLACE_ROUTES = `
  update routes
  set position = wanted.position,
      version = version + (routes.position <> wanted.position)::integer,
      stays_last = stays_last and wanted.position = cardinality($1::uuid[])
  from unnest($1::uuid[]) with ordinality as wanted (route_id, position)
  where id = wanted.route_id`;

/**
 * Gives routes the positions from 1 on.
 *
 * @param ids of all of them, in the order that they are to have
 */
export async function placeRoutes(db: Pick<EntityManager, 'query'>, ids: readonly string[]): Promise<void> {
  await db.query(PLACE_ROUTES, [ids]);
}
