import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { MemorySnapshot } from '../database/memory-snapshot.js';
import { readRoute } from './compile-route.js';
import { RouteRevision, type RouteSnapshot } from './route.entity.js';
import { RouteIndex } from './route-index.js';

/** One state of the routes, compiled: what an event is judged by, whole. */
export interface CompiledRevision {
  /** Null for `NO_ROUTES`. */
  id: string | null;
  routes: RouteIndex<RouteSnapshot>;
}

/** Before the first route was ever saved. */
export const NO_ROUTES: CompiledRevision = { id: null, routes: new RouteIndex<RouteSnapshot>([]) };

/**
 * The current revision, in memory. Reloaded when an admin changes a route, in any process; an event in hand keeps the one
 * it began with.
 */
@Injectable()
export class RouteTable extends MemorySnapshot {
  readonly tables = ['route_revisions'];
  private readonly logger = new Logger('routes');
  private revision: CompiledRevision = NO_ROUTES;

  constructor(@InjectRepository(RouteRevision) private readonly revisions: Repository<RouteRevision>) {
    super();
  }

  get current(): CompiledRevision {
    return this.revision;
  }

  protected override async read(): Promise<void> {
    const [latest] = await this.revisions.find({ order: { id: 'desc' }, take: 1 });
    if (!latest) this.revision = NO_ROUTES;
    else if (latest.id !== this.revision.id) this.revision = this.compile(latest);
  }

  private compile({ id, routes }: RouteRevision): CompiledRevision {
    const compiled = routes.map((route) => readRoute(route));
    for (const { route, fault } of compiled) {
      if (fault === undefined) continue;
      const context = { route_id: route.id, route: route.name, revision: id, fault };
      this.logger.error(context, 'a stored route cannot be used, and matches nothing');
    }
    return { id, routes: new RouteIndex(compiled) };
  }
}
