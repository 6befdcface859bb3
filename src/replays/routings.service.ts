import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { AdminCall } from '../changes/admin-call.js';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { AuditDatabase } from '../database/audit-database.js';
import type { Queryable } from '../database/database.js';
import { laneOf, lateLaneOf } from '../deliveries/delivery.js';
import { notFound, Problem } from '../http/problem.js';
import { makeDeliveries, waysByRoutes } from '../intake/make-deliveries.js';
import { type CompiledRevision, RouteTable } from '../routes/route-table.js';
import { inPortions, MOST_AT_ONCE, refuseEmptyFilter, refuseTooMany } from './bounds.js';
import { type LateStep, LateWork } from './late-work.js';
import type { RoutedAllView, RoutedView, RoutingFilter } from './routing.dto.js';
import { insertRouted, type RoutedEvent } from './sql/insert-routed.js';
import { lockEvent } from './sql/lock-event.js';
import { lockUnmatched, readUnmatched, type UnmatchedEvent } from './sql/read-unmatched.js';
import { selectUnmatched } from './sql/select-unmatched.js';
import { describeRow, describeRows } from './subject.js';

/** Events whose documents are in memory at a time. */
const EVENTS_AT_ONCE = 500;
/** Events judged before other work of the process gets its turn. */
const JUDGED_AT_ONCE = 16;

/** What a filter comes to. */
interface Found {
  ids: string[];
  gone: number;
}

/** Asks the routes as they are now for events that matched nothing when they came. Subscribers heard of them then. */
@Injectable()
export class RoutingsService {
  constructor(
    private readonly work: LateWork,
    private readonly db: AuditDatabase,
    private readonly routes: RouteTable,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 404; 409 `not_accepted`, `event_gone`, `already_matched`; 503 `busy` */
  async route(call: AdminCall, id: string): Promise<RoutedView> {
    const revision = await this.currentRoutes();
    return this.work.inTurn(call, async (step) => {
      const found = await lockEvent(step.db, id);
      if (!found) throw notFound('event');
      const { event, outcome, has_deliveries: hasDeliveries } = found;
      if (outcome !== 'accepted') throw new Problem(409, 'not_accepted', `The event is ${outcome}: no route is asked.`);
      if (event === null) throw new Problem(409, 'event_gone', 'What the event said is not in the log any more.');
      if (hasDeliveries) throw new Problem(409, 'already_matched', 'The event has deliveries: send those again.');
      const answer = emptyAnswer();
      await this.routeThem(step, [{ ...found, event }], revision, call.keyId, answer);
      if (answer.matched === 0) return answer;
      const subject = describeRow('event', id, event.type, event.ticket?.number ?? event.ticket?.key ?? null);
      await step.record({ action: 'route', subject, before: null, after: { ...answer, route_revision: revision.id } });
      return answer;
    });
  }

  /**
   * Routes all that matched nothing of what a filter names.
   *
   * @param isDryRun whether it is only told what would come of it
   * @throws Problem 400 `empty_filter`, `too_many`, `question_too_costly`; 503 `busy`
   */
  async routeAll(call: AdminCall, filter: RoutingFilter, isDryRun: boolean): Promise<RoutedAllView> {
    refuseEmptyFilter(filter);
    const revision = await this.currentRoutes();
    if (isDryRun) return this.tryAll(filter, revision);
    return this.work.inTurn(call, async (step) => {
      const { ids, gone } = await find(step.db, filter);
      const sum = emptyAnswer();
      for (const portion of inPortions(ids, EVENTS_AT_ONCE)) {
        await this.routeThem(step, await lockUnmatched(step.db, portion), revision, call.keyId, sum);
      }
      const answer = allOf(sum, ids.length, gone, false);
      if (sum.matched > 0) {
        const after = { filter, ...sum, left_out: answer.left_out, route_revision: revision.id };
        const subject = describeRows('event', newId(this.clock.now()), sum.matched);
        await step.record({ action: 'route', subject, before: null, after });
      }
      return answer;
    });
  }

  /** A route may have been mended in another process a moment ago. */
  private async currentRoutes(): Promise<CompiledRevision> {
    await this.routes.reload();
    return this.routes.current;
  }

  private async tryAll(filter: RoutingFilter, revision: CompiledRevision): Promise<RoutedAllView> {
    const { ids, gone } = await find(this.db.primary, filter);
    const sum = emptyAnswer();
    for (const portion of inPortions(ids, EVENTS_AT_ONCE)) {
      const events = await readUnmatched(this.db.primary, portion);
      add(sum, events.length, await this.judge(events, revision));
    }
    return allOf(sum, ids.length, gone, true);
  }

  /** @param sum grows by what comes of it */
  private async routeThem(
    { db, concerned }: LateStep,
    events: readonly UnmatchedEvent[],
    revision: CompiledRevision,
    keyId: string | null,
    sum: RoutedView,
  ): Promise<void> {
    const routed = await this.judge(events, revision);
    if (routed.length > 0) await insertRouted(db, routed, this.clock.now(), keyId, revision.id);
    for (const { deliveries } of routed) for (const { destinationId } of deliveries) concerned.add(destinationId);
    add(sum, events.length, routed);
  }

  /** @returns those that any route takes */
  private async judge(events: readonly UnmatchedEvent[], revision: CompiledRevision): Promise<RoutedEvent[]> {
    const routed: RoutedEvent[] = [];
    const now = this.clock.now();
    for (const [index, { id, source_id: sourceId, event }] of events.entries()) {
      if (index % JUDGED_AT_ONCE === JUDGED_AT_ONCE - 1) await breathe();
      const ways = waysByRoutes(revision, event);
      const deliveries = makeDeliveries(lateLaneOf(laneOf(sourceId, event.ticket?.key)), now, ways);
      if (deliveries.length > 0) routed.push({ id, sourceId, document: event, deliveries });
    }
    return routed;
  }
}

/** @throws Problem 400 `too_many`, or when `since` is after `until` */
async function find(db: Queryable, filter: RoutingFilter): Promise<Found> {
  const rows = await selectUnmatched(db, filter, MOST_AT_ONCE + 1);
  refuseTooMany(rows);
  const ids = rows.filter((row) => !row.is_gone).map(({ id }) => id);
  return { ids, gone: rows.length - ids.length };
}

function emptyAnswer(): RoutedView {
  return { events: 0, matched: 0, deliveries: 0 };
}

function add(sum: RoutedView, events: number, routed: readonly RoutedEvent[]): void {
  sum.events += events;
  sum.matched += routed.length;
  sum.deliveries += routed.reduce((count, { deliveries }) => count + deliveries.length, 0);
}

function allOf(sum: RoutedView, found: number, gone: number, isDryRun: boolean): RoutedAllView {
  return { dry_run: isDryRun, ...sum, left_out: { already_matched: found - sum.events, event_gone: gone } };
}
