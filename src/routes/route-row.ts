import { readRoute } from './compile-route.js';
import type { Route, RouteSnapshot } from './route.entity.js';
import type { RouteView } from './route-views.dto.js';

/** @returns a route as the API shows it */
export function toView(row: Route): RouteView {
  return {
    id: row.id,
    name: row.name,
    position: positionOf(row),
    matchers: row.matchers,
    destination_id: row.destinationId,
    settings: row.settings,
    disabled_at: row.disabledAt,
    fault: readRoute(toSnapshot(row)).fault ?? null,
    version: row.version,
    created_at: row.createdAt,
  };
}

/** @returns a route as the record of changes has it: what admins set */
export function describeRoute(row: Route): object {
  return {
    name: row.name,
    position: positionOf(row),
    matchers: row.matchers,
    destination_id: row.destinationId,
    settings: row.settings,
    disabled_at: row.disabledAt,
  };
}

/** @returns as much of a route as a revision keeps */
export function toSnapshot(row: Route): RouteSnapshot {
  return {
    id: row.id,
    name: row.name,
    position: positionOf(row),
    matchers: row.matchers,
    destination_id: row.destinationId,
    settings: row.settings,
  };
}

/** Only deleted routes have none. */
function positionOf({ position }: Route): number {
  return position ?? 0;
}
