import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { AuditDatabase } from '../database/audit-database.js';
import { fetchPage, type Page } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { type CompiledRoute, readRoute } from './compile-route.js';
import type { RevisionsQuery } from './revisions-query.dto.js';
import { Route, type RouteSnapshot } from './route.entity.js';
import { toSnapshot } from './route-row.js';
import type { RevisionSummaryView, RevisionView } from './route-views.dto.js';
import { insertRevision } from './sql/insert-revision.js';
import { type RevisionRow, type RevisionSummaryRow, selectRevision, selectRevisions } from './sql/select-revisions.js';

/**
 * Instructions of RE2 in all patterns together, which every process compiles after every change: some microseconds for each,
 * up to a tenth of a millisecond where letters of all scripts are meant.
 */
const MOST_INSTRUCTIONS = 20_000;
/** UTF-16 units of all routes as JSON: every revision holds them, and every process reads it. */
const LARGEST_REVISION = 5_000_000;
const MOST_COMPILED = 8;
const DIGITS = /^[1-9]\d{0,17}$/;

/** A revision made ready to say again what it said of an event. */
export interface ReadRevision {
  id: number;
  createdAt: Date;
  routes: CompiledRoute<RouteSnapshot>[];
}

/** Every state that the routes have been in. */
@Injectable()
export class RevisionBook {
  /** The one used last at the end. They never change. */
  private readonly compiled = new Map<string, ReadRevision>();

  constructor(
    private readonly database: AuditDatabase,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes the state in which a transaction leaves the routes, once for all its changes. It makes no revision where events
   * would be judged as before.
   *
   * @throws Problem 409 `routes_too_costly`
   */
  async saveIn(manager: EntityManager): Promise<void> {
    await insertRevision(manager, await this.findEnabled(manager), this.clock.now());
  }

  /**
   * @returns the routes that events would be judged by, as the transaction sees them
   * @throws Problem 409 `routes_too_costly`
   */
  async findEnabled(manager: EntityManager): Promise<RouteSnapshot[]> {
    const rows = await manager.find(Route, { where: { deletedAt: IsNull() }, order: { position: 'asc' } });
    // Those that are disabled are read as well, whenever routes are listed.
    refuseCostly(rows.map(toSnapshot));
    return rows.filter(({ disabledAt }) => !disabledAt).map(toSnapshot);
  }

  /** @throws Problem 400 when `since` is after `until`, or for a cursor of another query */
  async list(query: RevisionsQuery): Promise<Page<RevisionSummaryView>> {
    const { since, until } = query;
    if (since !== undefined && until !== undefined && new Date(since) > new Date(until)) {
      throw new Problem(400, 'validation_failed', 'since: must not be after until.');
    }
    const fetch = selectRevisions.bind(undefined, this.database, query);
    const { data, ...cursors } = await fetchPage('route revisions', query, fetch, DIGITS);
    return { data: data.map(toSummary), ...cursors };
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<RevisionView> {
    const row = await selectRevision(this.database.primary, id);
    if (!row) throw notFound('revision');
    return { ...factsOf(row), routes: row.routes };
  }

  /** @param id in digits @returns undefined where there is none */
  async read(id: string): Promise<ReadRevision | undefined> {
    const known = this.compiled.get(id) ?? (await this.compile(id));
    if (!known) return undefined;
    this.compiled.delete(id);
    this.compiled.set(id, known);
    for (const oldest of this.compiled.keys()) {
      if (this.compiled.size <= MOST_COMPILED) break;
      this.compiled.delete(oldest);
    }
    return known;
  }

  private async compile(id: string): Promise<ReadRevision | undefined> {
    const row = await selectRevision(this.database.primary, id);
    return (
      row && { id: Number(row.id), createdAt: row.created_at, routes: row.routes.map((route) => readRoute(route)) }
    );
  }
}

/** @throws Problem 409 `routes_too_costly` */
function refuseCostly(routes: readonly RouteSnapshot[]): void {
  const matchers = routes.flatMap((route) => readRoute(route).matchers);
  const instructions = matchers.reduce((sum, matcher) => sum + matcher.instructions, 0);
  if (instructions > MOST_INSTRUCTIONS) {
    throw tooCostly(`their patterns come to ${instructions} instructions of RE2, and at most ${MOST_INSTRUCTIONS}`);
  }
  const size = JSON.stringify(routes).length;
  if (size > LARGEST_REVISION) throw tooCostly(`they come to ${size} characters, and at most ${LARGEST_REVISION}`);
}

function tooCostly(reason: string): Problem {
  const detail = `All routes together: ${reason} are possible. Delete some, or say it more simply.`;
  return new Problem(409, 'routes_too_costly', detail);
}

function toSummary(row: RevisionSummaryRow): RevisionSummaryView {
  return { ...factsOf(row), routes: row.routes };
}

function factsOf({ id, created_at, replaced_at }: RevisionSummaryRow | RevisionRow) {
  return { id: Number(id), created_at, replaced_at };
}
