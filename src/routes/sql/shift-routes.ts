import type { EntityManager } from 'typeorm';

/* Each collides with the next one until the statement is done: the constraint is looked at when the transaction ends. */
const SHIFT_ROUTES = `
  update routes
  set position = position + $3, version = version + 1
  where position >= $1 and position <= $2`;

/**
 * Moves the routes between two positions, both included.
 *
 * @param by how far down; negative = up
 */
export async function shiftRoutes(
  db: Pick<EntityManager, 'query'>,
  from: number,
  to: number,
  by: 1 | -1,
): Promise<void> {
  await db.query(SHIFT_ROUTES, [from, to, by]);
}
