import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, IsNull } from 'typeorm';
import { type AdminCall, BY_DESKWIRE, BY_START } from '../changes/admin-call.js';
import { type AdminStep, AdminTransactions } from '../changes/admin-transactions.js';
import { pageWhere } from '../database/page-where.js';
import { fetchPage, type Page, type PageQuery } from '../http/page.js';
import { notFound } from '../http/problem.js';
import { RevisionBook } from './revision-book.js';
import type { CreateRouteBody, UpdateRouteBody } from './route.dto.js';
import { Route, type RouteSnapshot } from './route.entity.js';
import { type NewRoute, RouteEditor } from './route-editor.js';
import { reorder } from './route-order.js';
import { toView } from './route-row.js';
import { RouteTable } from './route-table.js';
import type { RouteOrderView, RouteView } from './route-views.dto.js';
import { findRoutesVersion } from './sql/find-routes-version.js';
import { lockRoutes } from './sql/lock-routes.js';

/** A route that is not saved: a new one, or one that is there with some of it changed. */
export type RouteDraft = { body: CreateRouteBody } | { id: string; body: UpdateRouteBody };

/** What events would be judged by if a draft was saved. */
export interface TriedRoutes {
  routes: RouteSnapshot[];
  /** Of the draft among them. */
  draftId: string;
}

/** Thrown to undo a transaction that was only to show what it would come to. */
class Tried extends Error {
  constructor(readonly routes: TriedRoutes) {
    super('This was only tried.');
  }
}

/**
 * What admins do with routes. Each change is one transaction with the revision that it makes, and judges the next event. The
 * methods that end in `In` make changes within somebody else's transaction; he calls `saveRevisionIn` once, at its end, and
 * reloads the `RouteTable` after the commit.
 */
@Injectable()
export class RoutesService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly transactions: AdminTransactions,
    private readonly editor: RouteEditor,
    private readonly revisions: RevisionBook,
    private readonly table: RouteTable,
  ) {}

  /** @throws Problem as `createIn` */
  create(call: AdminCall, body: NewRoute): Promise<RouteView> {
    return this.change(call, async (step) => toView(await this.createIn(step, body)));
  }

  /** @throws Problem as `updateIn` */
  update(call: AdminCall, id: string, body: UpdateRouteBody): Promise<RouteView> {
    return this.change(call, async (step) => toView(await this.updateIn(step, id, body)));
  }

  /** @throws Problem as `removeIn` */
  remove(call: AdminCall, id: string): Promise<void> {
    return this.change(call, (step) => this.removeIn(step, [id]));
  }

  /**
   * @param call whose `If-Match` is held to the version of all routes, as `findVersion` has it
   * @throws Problem 412 `precondition_failed`; as `reorderIn`
   */
  reorder(call: AdminCall, ids: readonly string[]): Promise<RouteOrderView> {
    return this.change(call, async (step) => {
      await lockRoutes(step.manager);
      step.requireMatch(await findRoutesVersion(step.manager), 'list of routes');
      return { data: (await this.reorderIn(step, ids)).map(toView) };
    });
  }

  /**
   * @throws Problem 400 `validation_failed`, `unknown_destination`; 409 `destination_disabled`, `name_taken`,
   * `too_many_routes`
   */
  createIn(step: AdminStep, body: CreateRouteBody): Promise<Route> {
    return this.editor.create(step, body);
  }

  /**
   * @returns it as it is now; as it was where the body changes nothing
   * @throws Problem 404; 412 `precondition_failed`; else as `createIn`, of what is new
   */
  updateIn(step: AdminStep, id: string, body: UpdateRouteBody): Promise<Route> {
    return this.editor.update(step, id, body);
  }

  /** Those below move up. @throws Problem 404; 412 `precondition_failed` */
  removeIn(step: AdminStep, ids: readonly string[]): Promise<void> {
    return this.editor.remove(step, ids);
  }

  /**
   * @param ids of all routes, in the order in which they are to be asked
   * @returns all routes in that order
   * @throws Problem 409 `routes_changed`
   */
  reorderIn(step: AdminStep, ids: readonly string[]): Promise<Route[]> {
    return reorder(step, ids);
  }

  /**
   * Makes a revision of what events are judged by from now on; none where that is what they were judged by.
   *
   * @throws Problem 409 `routes_too_costly`
   */
  saveRevisionIn(step: AdminStep): Promise<void> {
    return this.revisions.saveIn(step.manager);
  }

  /**
   * Says what saving a draft would come to. Nothing is saved.
   *
   * @returns without the draft where it would be disabled
   * @throws Problem whatever saving it would throw
   */
  async tryOut(draft: RouteDraft): Promise<TriedRoutes> {
    try {
      return await this.transactions.run(BY_DESKWIRE, async (step): Promise<never> => {
        const { id: draftId } =
          'id' in draft ? await this.updateIn(step, draft.id, draft.body) : await this.createIn(step, draft.body);
        throw new Tried({ routes: await this.revisions.findEnabled(step.manager), draftId });
      });
    } catch (error) {
      if (error instanceof Tried) return error.routes;
      throw error;
    }
  }

  async list(query: PageQuery): Promise<Page<RouteView>> {
    const routes = this.dataSource.getRepository(Route);
    return fetchPage('routes', query, async (position) =>
      (await routes.find(pageWhere<Route>(position, { deletedAt: IsNull() }))).map(toView),
    );
  }

  /** @returns what is another after every change of any route, and of their order */
  findVersion(): Promise<string> {
    return findRoutesVersion(this.dataSource.manager);
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<RouteView> {
    const row = await this.dataSource.getRepository(Route).findOneBy({ id, deletedAt: IsNull() });
    if (!row) throw notFound('route');
    return toView(row);
  }

  /** The route of a new installation: everything to the first destination. It stays last until an admin moves it. */
  async ensureCatchAll(destinationId: string): Promise<void> {
    if (await this.dataSource.getRepository(Route).exists()) return;
    await this.create(BY_START, { name: 'Everything', matchers: [], destination_id: destinationId, staysLast: true });
  }

  private async change<Answer>(call: AdminCall, work: (step: AdminStep) => Promise<Answer>): Promise<Answer> {
    const answer = await this.transactions.run(call, async (step) => {
      const made = await work(step);
      await this.saveRevisionIn(step);
      return made;
    });
    await this.table.refresh();
    return answer;
  }
}
