import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, IsNull } from 'typeorm';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { pageWhere } from '../database/page-where.js';
import { DestinationsService } from '../destinations/destinations.service.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { Problem, notFound } from '../http/problem.js';
import { refuseTakenName } from '../http/refuse-taken-name.js';
import { checkRoute } from './check-route.js';
import { Route, type RouteSnapshot } from './route.entity.js';
import { type CreateRouteBody, type RouteView } from './route.dto.js';
import { RouteTable } from './route-table.js';

interface NewRoute extends CreateRouteBody {
  staysLast?: boolean;
}

/** What admins do with routes. Every change is one transaction with the revision that it makes. */
@Injectable()
export class RoutesService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly destinations: DestinationsService,
    private readonly table: RouteTable,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 400 for matchers and templates that cannot be used, 400 `unknown_destination`, 409 `name_taken` */
  async create(body: NewRoute): Promise<RouteView> {
    checkRoute(body);
    const destination = await this.destinations.find(body.destination_id);
    if (!destination) throw new Problem(400, 'unknown_destination', 'destination_id: there is no such destination.');
    const route = await refuseTakenName('route', 'routes_name', () =>
      this.dataSource.transaction((manager) => this.insert(manager, body)),
    );
    await this.table.refresh();
    return toView(route);
  }

  async list(query: PageQuery): Promise<Page<RouteView>> {
    const routes = this.dataSource.getRepository(Route);
    return fetchPage('routes', query, async (position) =>
      (await routes.find(pageWhere<Route>(position, { deletedAt: IsNull() }))).map((row) => toView(row)),
    );
  }

  async get(id: string): Promise<RouteView> {
    const row = await this.dataSource.getRepository(Route).findOneBy({ id, deletedAt: IsNull() });
    if (!row) throw notFound('route');
    return toView(row);
  }

  /** The route of a new installation: everything to the first destination. It stays last until an admin moves it. */
  async ensureCatchAll(destinationId: string): Promise<void> {
    if (await this.dataSource.getRepository(Route).exists()) return;
    await this.create({ name: 'Everything', matchers: [], destination_id: destinationId, staysLast: true });
  }

  private async insert(manager: EntityManager, body: NewRoute): Promise<Route> {
    // Positions are dense and revisions are whole: one writer at a time. Readers are not held up.
    await manager.query('lock table routes in share row exclusive mode');
    const now = this.clock.now();
    const route = manager.create(Route, {
      id: newId(now),
      name: body.name,
      position: await this.makeRoom(manager, body.position),
      staysLast: body.staysLast ?? false,
      matchers: body.matchers,
      destinationId: body.destination_id,
      settings: { ...body.settings },
      disabledAt: null,
      deletedAt: null,
      createdAt: now,
    });
    await manager.save(route);
    await this.saveRevision(manager, now);
    return route;
  }

  /** @returns the position to take, after moving that route and the later ones down */
  private async makeRoom(manager: EntityManager, wanted: number | undefined): Promise<number> {
    const [row]: { end: number }[] = await manager.query(
      `select coalesce(min(position) filter (where stays_last), max(position) + 1, 1) as "end"
       from routes where deleted_at is null`,
    );
    const end = row?.end ?? 1;
    const position = Math.min(wanted ?? end, end);
    await manager.query('update routes set position = position + 1 where position >= $1', [position]);
    return position;
  }

  private async saveRevision(manager: EntityManager, now: Date): Promise<void> {
    const routes = await manager.find(Route, {
      where: { deletedAt: IsNull(), disabledAt: IsNull() },
      order: { position: 'asc' },
    });
    await manager.query('insert into route_revisions (routes, created_at) values ($1::jsonb, $2)', [
      JSON.stringify(routes.map((route) => toSnapshot(route))),
      now,
    ]);
  }
}

function toSnapshot(row: Route): RouteSnapshot {
  return {
    id: row.id,
    name: row.name,
    position: row.position ?? 0,
    matchers: row.matchers,
    destination_id: row.destinationId,
    settings: row.settings,
  };
}

function toView(row: Route): RouteView {
  return {
    id: row.id,
    name: row.name,
    position: row.position,
    matchers: row.matchers,
    destination_id: row.destinationId,
    settings: row.settings,
    disabled_at: row.disabledAt,
    created_at: row.createdAt,
  };
}
