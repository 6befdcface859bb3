import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import type { AdminStep } from '../changes/admin-transactions.js';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { Destination } from '../destinations/destination.entity.js';
import { disabledAfter } from '../http/disabling.dto.js';
import { notFound, Problem } from '../http/problem.js';
import { refuseTakenName } from '../http/refuse-taken-name.js';
import { NotifierRegistry } from '../notifiers/notifier-registry.js';
import { changedRouteSettings, readRouteSettings } from './changed-settings.js';
import { checkRoute } from './check-route.js';
import type { CreateRouteBody, UpdateRouteBody } from './route.dto.js';
import { Route } from './route.entity.js';
import { makeRoom, makeWay } from './route-order.js';
import { describeRoute } from './route-row.js';
import { closeGaps } from './sql/close-gaps.js';
import { lockRoutes } from './sql/lock-routes.js';

export interface NewRoute extends CreateRouteBody {
  /** The catch-all of the first start. */
  staysLast?: boolean;
}

/**
 * Changes single routes, within a transaction. Each change is written to the record; the revision that it makes is not: one
 * is made for all changes of a transaction, at its end.
 */
@Injectable()
export class RouteEditor {
  constructor(
    private readonly notifiers: NotifierRegistry,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws Problem 400 `validation_failed`, `unknown_destination`; 409 `destination_disabled`, `name_taken`,
   * `too_many_routes`
   */
  async create({ manager, record }: AdminStep, body: NewRoute): Promise<Route> {
    const now = this.clock.now();
    const disabledAt = disabledAfter(body, null, now);
    const destination = await lockDestination(manager, body.destination_id);
    if (!destination) throw unknownDestination();
    checkRoute(body, this.notifiers.get(destination.kind));
    if (!disabledAt) refuseDisabled(destination);
    await lockRoutes(manager);
    const row = manager.create(Route, {
      id: newId(now),
      name: body.name,
      position: await makeRoom(manager, body.position),
      staysLast: body.staysLast ?? false,
      matchers: body.matchers,
      destinationId: destination.id,
      settings: { ...body.settings },
      version: 1,
      disabledAt,
      deletedAt: null,
      createdAt: now,
    });
    await refuseTakenName('route', 'routes_name', () => manager.save(row));
    await record({ action: 'create', subject: subjectOf(row), before: null, after: describeRoute(row) });
    return row;
  }

  /**
   * @returns it as it is now; with its old version where the body changes nothing
   * @throws Problem 404; 412 `precondition_failed`; else as `create`, of what is new
   */
  async update(step: AdminStep, id: string, body: UpdateRouteBody): Promise<Route> {
    const { manager } = step;
    const { row, destination } = await lockRoute(manager, id, body.destination_id);
    step.requireMatch(row.version, 'route');
    const changes = this.changesOf(row, body, destination);
    const position = body.position === undefined ? row.position : await makeWay(manager, row, body.position);
    const isMoved = position !== row.position;
    if (Object.keys(changes).length === 0 && !isMoved) return row;
    const before = describeRoute(row);
    Object.assign(row, changes, { position, staysLast: row.staysLast && !isMoved, version: row.version + 1 });
    await refuseTakenName('route', 'routes_name', () => manager.save(row));
    await step.record({ action: 'update', subject: subjectOf(row), before, after: describeRoute(row) });
    return row;
  }

  /** Events keep the deliveries that they have made. @throws Problem 404; 412 `precondition_failed` */
  async remove(step: AdminStep, ids: readonly string[]): Promise<void> {
    const { manager } = step;
    await lockRoutes(manager);
    const deletedAt = this.clock.now();
    for (const id of ids) {
      const row = await findRoute(manager, id);
      step.requireMatch(row.version, 'route');
      const version = row.version + 1;
      await manager.update(Route, { id }, { deletedAt, position: null, staysLast: false, version });
      await step.record({ action: 'delete', subject: subjectOf(row), before: describeRoute(row), after: null });
    }
    await closeGaps(manager);
  }

  /** @returns what is to be written, the position aside */
  private changesOf(row: Route, body: UpdateRouteBody, destination: Destination | null): Partial<Route> {
    const isNewDestination = body.destination_id !== undefined && body.destination_id !== row.destinationId;
    const settings = body.settings ? changedRouteSettings(row.settings, body.settings) : row.settings;
    // What is there already is not judged again: an earlier version may have taken what this one would not.
    const news = isNewDestination ? settings : body.settings && readRouteSettings(body.settings);
    const notifier = destination ? this.notifiers.get(destination.kind) : undefined;
    checkRoute({ matchers: body.matchers, settings: news }, notifier);
    const disabledAt = disabledAfter(body, row.disabledAt, this.clock.now());
    if (!disabledAt && (isNewDestination || row.disabledAt)) refuseDisabled(destination);
    const wanted: Partial<Route> = {
      name: body.name ?? row.name,
      matchers: body.matchers?.map((matcher) => ({ ...matcher })) ?? row.matchers,
      destinationId: body.destination_id ?? row.destinationId,
      settings,
      disabledAt,
    };
    const changed = Object.entries(wanted).filter(([key, value]) => !isDeepStrictEqual(value, row[key as keyof Route]));
    return Object.fromEntries(changed);
  }
}

/**
 * Locks the routes, and the destination that one of them is to lead to.
 *
 * @param destinationId undefined = the one that it leads to
 * @returns the destination as null where the route leads to one that is deleted
 * @throws Problem 404; 400 `unknown_destination`
 */
async function lockRoute(
  manager: EntityManager,
  id: string,
  destinationId: string | undefined,
): Promise<{ row: Route; destination: Destination | null }> {
  const seen = await findRoute(manager, id);
  const destination = await lockDestination(manager, destinationId ?? seen.destinationId);
  if (!destination && destinationId !== undefined) throw unknownDestination();
  await lockRoutes(manager);
  const row = await findRoute(manager, id);
  const isOther = destinationId === undefined && row.destinationId !== seen.destinationId;
  // It was changed while this one waited for the lock.
  return isOther ? lockRoute(manager, id, destinationId) : { row, destination };
}

/** @throws Problem 404 */
async function findRoute(manager: EntityManager, id: string): Promise<Route> {
  const row = await manager.findOneBy(Route, { id, deletedAt: IsNull() });
  if (!row) throw notFound('route');
  return row;
}

/** So that nobody deletes or disables it until the route is saved. */
function lockDestination(manager: EntityManager, id: string): Promise<Destination | null> {
  return manager.findOne(Destination, { where: { id, deletedAt: IsNull() }, lock: { mode: 'pessimistic_read' } });
}

function unknownDestination(): Problem {
  return new Problem(400, 'unknown_destination', 'destination_id: there is no such destination.');
}

function refuseDisabled(destination: Destination | null): void {
  if (destination && !destination.disabledAt) return;
  const name = destination ? `"${destination.name}" is disabled` : 'the destination is deleted';
  throw new Problem(409, 'destination_disabled', `destination_id: ${name}; nothing would be sent.`);
}

function subjectOf({ id, name }: Route): { kind: 'route'; id: string; name: string } {
  return { kind: 'route', id, name };
}
