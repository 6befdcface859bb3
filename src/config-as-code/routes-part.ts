import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import type { AdminStep } from '../changes/admin-transactions.js';
import { Destination } from '../destinations/destination.entity.js';
import { validated } from '../http/validated.js';
import { validationProblem } from '../http/validation.js';
import { CreateRouteBody, UpdateRouteBody } from '../routes/route.dto.js';
import { Route } from '../routes/route.entity.js';
import { RoutesService } from '../routes/routes.service.js';
import { compareThings, plainOf, settingsPatch, type Thing } from './compare-things.js';
import type { ConfigRoute } from './config-document.dto.js';
import { type ConfigChange, NOTHING_PLANNED, type PartPlan, speakingOf } from './config-part.js';

interface KnownRoute extends Thing {
  row: Route;
  destination: string;
}

interface WishedRoute extends Thing {
  place: string;
  config: ConfigRoute;
  settings: Record<string, unknown>;
}

/** Routes in a configuration document: their order there is their order here. */
@Injectable()
export class RoutesPart {
  constructor(private readonly routes: RoutesService) {}

  /** @returns all routes, in their order */
  async read(manager: EntityManager): Promise<KnownRoute[]> {
    const rows = await manager.find(Route, { where: { deletedAt: IsNull() }, order: { position: 'asc' } });
    const destinations = await manager.find(Destination, { where: { deletedAt: IsNull() } });
    const names = new Map(destinations.map(({ id, name }) => [id, name]));
    return rows.map((row) => {
      const destination = names.get(row.destinationId) ?? '';
      const { name, matchers, settings, disabledAt } = row;
      return { row, name, destination, facts: factsOf(destination, matchers, settings, disabledAt !== null) };
    });
  }

  /** @throws Problem 400 for what could not be saved */
  async plan(manager: EntityManager, configs: readonly ConfigRoute[] | undefined): Promise<PartPlan> {
    if (!configs) return NOTHING_PLANNED;
    const known = await this.read(manager);
    const wished = configs.map((config, index) => toWish(config, `routes.${index}`));
    const comparison = compareThings('route', known, wished);
    const moved = movedRoutes(known, wished);
    const { create, update, delete: deleted } = comparison.changes;
    const isNothing = [create, update, deleted, moved].every(({ length }) => length === 0);
    return {
      create,
      update: withMoves(update, moved),
      delete: deleted,
      save: async (step) => {
        // First: there may be as many as there can be.
        await this.routes.removeIn(
          step,
          comparison.delete.map(({ row }) => row.id),
        );
        for (const thing of comparison.create) await this.create(step, thing);
        for (const { known: before, wished: after } of comparison.update) await this.update(step, before, after);
      },
      finish: async (step) => {
        if (isNothing) return;
        await this.reorder(step, wished);
        await this.routes.saveRevisionIn(step);
      },
    };
  }

  private create(step: AdminStep, { place, name, config, settings }: WishedRoute): Promise<Route> {
    return speakingOf(place, name, async () => {
      const destinationId = await destinationNamed(step.manager, config.destination);
      const fields = { name, matchers: plainMatchers(config), destination_id: destinationId, settings };
      const isDisabled = config.disabled === true;
      return this.routes.createIn(step, validated(CreateRouteBody, { ...fields, disabled: isDisabled }));
    });
  }

  private update(step: AdminStep, { row }: KnownRoute, after: WishedRoute): Promise<Route> {
    const { place, name, config, settings } = after;
    return speakingOf(place, name, async () => {
      const isDisabled = config.disabled === true;
      const fields = {
        name,
        matchers: plainMatchers(config),
        destination_id: await destinationNamed(step.manager, config.destination),
        settings: settingsPatch(row.settings, settings),
        ...(isDisabled !== (row.disabledAt !== null) && { disabled: isDisabled }),
      };
      return this.routes.updateIn(step, row.id, validated(UpdateRouteBody, fields));
    });
  }

  private async reorder(step: AdminStep, wished: readonly WishedRoute[]): Promise<void> {
    const rows = await step.manager.find(Route, { where: { deletedAt: IsNull() } });
    const ids = new Map(rows.map(({ id, name }) => [name, id]));
    await this.routes.reorderIn(
      step,
      wished.flatMap(({ name }) => ids.get(name) ?? []),
    );
  }
}

function toWish(config: ConfigRoute, place: string): WishedRoute {
  const settings = plainOf(config.settings);
  const facts = factsOf(config.destination, plainMatchers(config), settings, config.disabled === true);
  return { place, name: config.name, config, settings, facts };
}

function factsOf(destination: string, matchers: readonly object[], settings: object, isDisabled: boolean): object {
  return { destination, matchers: matchers.map(plainOf), settings: plainOf(settings), disabled: isDisabled };
}

function plainMatchers({ matchers = [] }: ConfigRoute): object[] {
  return matchers.map(plainOf);
}

/** @throws Problem 400 */
async function destinationNamed(manager: EntityManager, name: string): Promise<string> {
  const [row]: { id: string }[] = await manager.query(
    'select id from destinations where name = $1 and deleted_at is null',
    [name],
  );
  if (row) return row.id;
  throw validationProblem([{ field: 'destination', message: `destination: there is no destination "${name}"` }]);
}

/** @returns those whose place among the others changes, with both places */
function movedRoutes(known: readonly KnownRoute[], wished: readonly WishedRoute[]): ConfigChange[] {
  const keysOf = (things: readonly Thing[]): string[] => things.map(({ name }) => name);
  const [before, after] = [keysOf(known), keysOf(wished)];
  const stayed = before.filter((key) => after.includes(key));
  const now = after.filter((key) => before.includes(key));
  return known.flatMap(({ name }) => {
    const key = name;
    const [was, is] = [stayed.indexOf(key), now.indexOf(key)];
    if (was === is) return [];
    return [
      {
        kind: 'route' as const,
        name,
        changes: [`position: ${before.indexOf(key) + 1} becomes ${after.indexOf(key) + 1}`],
      },
    ];
  });
}

function withMoves(update: readonly ConfigChange[], moved: readonly ConfigChange[]): ConfigChange[] {
  const all = new Map(update.map((change) => [change.name, change]));
  for (const change of moved) {
    const { changes = [] } = all.get(change.name) ?? {};
    all.set(change.name, { ...change, changes: [...changes, ...change.changes] });
  }
  return [...all.values()];
}
