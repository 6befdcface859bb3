import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AuditDatabase } from '../database/audit-database.js';
import { notFound } from '../http/problem.js';
import type { CompiledRoute } from '../routes/compile-route.js';
import { matchRoute } from '../routes/match-route.js';
import { RevisionBook } from '../routes/revision-book.js';
import type { RouteSnapshot } from '../routes/route.entity.js';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import type { ExplainedDeliveryView, ExplainedRouteView, ExplanationView } from './explanation.dto.js';
import { toMatcherView } from './matcher-view.js';
import { type DeliveryOfEvent, selectDeliveriesOfEvent } from './sql/select-deliveries-of-event.js';
import { type JudgedEvent, selectJudgedEvent } from './sql/select-judged-event.js';

/** Routes judged before other work of the process gets its turn. */
const JUDGED_AT_ONCE = 16;

/** Says why an event of the log went where it went: what each matcher of the routes of that time makes of it. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly database: AuditDatabase,
    private readonly revisions: RevisionBook,
  ) {}

  /** @throws Problem 404 */
  async explain(id: string): Promise<ExplanationView> {
    const judged = await selectJudgedEvent(this.database.primary, id);
    if (!judged) throw notFound('event');
    const { event, route_revision: revisionId } = judged;
    const revision = revisionId === null ? undefined : await this.revisions.read(revisionId);
    const deliveries = await selectDeliveriesOfEvent(this.database.primary, id);
    const isJudged = judged.outcome === 'accepted' && event !== null && revision !== undefined;
    return {
      event_id: id,
      outcome: judged.outcome,
      reason: judged.reason,
      detail: isJudged ? null : whyNotJudged(judged),
      duplicate_of: judged.duplicate_of,
      revision: isJudged ? { id: revision.id, created_at: revision.createdAt } : null,
      routes: isJudged ? await explainRoutes(revision.routes, event, deliveries) : [],
      other_deliveries: deliveries
        .filter(({ route_id: routeId }) => routeId === null)
        .map((row) => ({ ...toDeliveryView(row), destination_id: row.destination_id })),
    };
  }
}

async function explainRoutes(
  routes: readonly CompiledRoute<RouteSnapshot>[],
  event: TicketEventDocument,
  deliveries: readonly DeliveryOfEvent[],
): Promise<ExplainedRouteView[]> {
  const views: ExplainedRouteView[] = [];
  let isStopped = false;
  for (const compiled of routes) {
    if (views.length % JUDGED_AT_ONCE === JUDGED_AT_ONCE - 1) await breathe();
    const view = explainRoute(compiled, event, isStopped);
    view.deliveries = deliveries.filter((row) => row.route_id === view.id).map(toDeliveryView);
    views.push(view);
    isStopped ||= compiled.stop && view.matched === true;
  }
  return views;
}

function explainRoute(
  compiled: CompiledRoute<RouteSnapshot>,
  event: TicketEventDocument,
  isStopped: boolean,
): ExplainedRouteView {
  const { route, fault } = compiled;
  const { matched, verdicts } = matchRoute(compiled, event);
  // Nobody knows now what a version made of it that could still use it.
  const isUnknown = fault !== undefined && verdicts.every(({ held }) => held !== false);
  return {
    id: route.id,
    name: route.name,
    position: route.position,
    matched: isUnknown ? null : matched,
    ...(isStopped && { skipped_by_stop: true }),
    matchers: verdicts.map(toMatcherView),
    destination_id: route.destination_id,
    deliveries: [],
    ...(fault !== undefined && { fault }),
  };
}

function whyNotJudged({ outcome, native_type: nativeType, detail, route_revision: revision }: JudgedEvent): string {
  switch (outcome) {
    case 'duplicate':
      return 'A repetition of an event that was there already; routes were asked for that one.';
    case 'unsupported':
      return `The provider's adapter does not know events of the type ${nativeType ?? ''}; no event was made of it.`;
    case 'rejected':
      return detail ?? 'The webhook was refused; no event was made of it.';
    case 'accepted':
      return revision === null ? 'There were no routes yet.' : 'What it was judged by is not in the log any more.';
  }
}

function toDeliveryView({ id, state, reason, channel, topic }: DeliveryOfEvent): ExplainedDeliveryView {
  return { id, state, reason, channel, topic };
}
