import type { EntityManager } from 'typeorm';

/* Positions are dense and revisions are whole: one writer at a time. Readers are not held up. */
const LOCK_ROUTES = 'lock table routes in share row exclusive mode';

/**
 * To be called before a route is changed. Whoever locks a destination's row as well does that first: those who change
 * destinations and routes in one transaction do it in this order, and so never wait for each other.
 */
export async function lockRoutes(db: Pick<EntityManager, 'query'>): Promise<void> {
  await db.query(LOCK_ROUTES);
}
