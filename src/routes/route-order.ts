import { type EntityManager, IsNull } from 'typeorm';
import type { AdminStep } from '../changes/admin-transactions.js';
import { Problem } from '../http/problem.js';
import { fewestMoves } from './fewest-moves.js';
import { MOST_ROUTES } from './route.dto.js';
import { Route } from './route.entity.js';
import { describeRoute } from './route-row.js';
import { countOthers } from './sql/count-others.js';
import { lockRoutes } from './sql/lock-routes.js';
import { placeRoutes } from './sql/place-routes.js';
import { shiftRoutes } from './sql/shift-routes.js';

/** Beyond every position. */
const END = 2_147_483_647;
/** Longer lists are cut where a problem names routes. */
const MOST_NAMED = 10;

/**
 * Makes room for a new route. The routes are locked by now.
 *
 * @param wanted undefined = last
 * @returns the position to take; before the one that stays last
 * @throws Problem 409 `too_many_routes`
 */
export async function makeRoom(manager: EntityManager, wanted: number | undefined): Promise<number> {
  const { count, has_last: hasLast } = await countOthers(manager, null);
  if (count >= MOST_ROUTES) {
    throw new Problem(409, 'too_many_routes', `There are ${count} routes; more than ${MOST_ROUTES} are not possible.`);
  }
  const end = hasLast ? count : count + 1;
  const position = Math.min(wanted ?? end, end);
  await shiftRoutes(manager, position, END, 1);
  return position;
}

/**
 * Makes room for a route that moves; those that it passes close up. The routes are locked by now.
 *
 * @returns the position to take; before the one that stays last, unless it is that one
 */
export async function makeWay(manager: EntityManager, { id, position }: Route, wanted: number): Promise<number> {
  const from = position ?? END;
  const { count, has_last: hasLast } = await countOthers(manager, id);
  const to = Math.min(wanted, hasLast ? count : count + 1);
  if (to < from) await shiftRoutes(manager, to, from - 1, 1);
  if (to > from) await shiftRoutes(manager, from + 1, to, -1);
  return to;
}

/**
 * Gives all routes their order. Those that had to be moved for it are written to the record of changes, one by one.
 *
 * @param ids of all of them, in the order that they are to have
 * @returns them in that order
 * @throws Problem 409 `routes_changed` naming what is missing and what there is not
 */
export async function reorder(step: AdminStep, ids: readonly string[]): Promise<Route[]> {
  await lockRoutes(step.manager);
  const before = await findAll(step.manager);
  refuseOthers(before, ids);
  const moved = fewestMoves(
    before.map(({ id }) => id),
    ids,
  );
  await placeRoutes(step.manager, ids);
  const after = await findAll(step.manager);
  for (const id of moved) await recordMove(step, before, after, id);
  return after;
}

async function recordMove(step: AdminStep, before: readonly Route[], after: readonly Route[], id: string) {
  const [from, to] = [before, after].map((routes) => routes.find((route) => route.id === id));
  if (!from || !to) return;
  await step.record({
    action: 'reorder',
    subject: { kind: 'route', id, name: to.name },
    before: describeRoute(from),
    after: describeRoute(to),
  });
}

/** @returns those that are not deleted, in the order in which they are asked */
function findAll(manager: EntityManager): Promise<Route[]> {
  return manager.find(Route, { where: { deletedAt: IsNull() }, order: { position: 'asc' } });
}

function refuseOthers(routes: readonly Route[], ids: readonly string[]): void {
  const wanted = new Set(ids);
  const known = new Set(routes.map(({ id }) => id));
  const missing = routes.filter(({ id }) => !wanted.has(id)).map(({ id, name }) => `"${name}" (${id})`);
  const unknown = ids.filter((id) => !known.has(id));
  if (missing.length === 0 && unknown.length === 0) return;
  const faults = [
    ...(missing.length > 0 ? [`missing: ${named(missing)}`] : []),
    ...(unknown.length > 0 ? [`there is no route ${named(unknown)}`] : []),
  ];
  throw new Problem(409, 'routes_changed', `ids: must be those of all routes; ${faults.join('; ')}.`);
}

function named(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
