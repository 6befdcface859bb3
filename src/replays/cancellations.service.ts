import { Injectable } from '@nestjs/common';
import { toDeliveryView } from '../audit/log-views.js';
import type { DeliveryView } from '../audit/log-views.dto.js';
import { selectDelivery } from '../audit/sql/select-deliveries.js';
import type { AdminCall } from '../changes/admin-call.js';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { AuditDatabase } from '../database/audit-database.js';
import { DeliveryMetrics } from '../deliveries/metrics/delivery-metrics.js';
import { notFound, Problem } from '../http/problem.js';
import { inPortions, MOST_AT_ONCE, refuseEmptyFilter, refuseTooMany } from './bounds.js';
import type { CancelFilter, CancelledView } from './cancellation.dto.js';
import { type LateStep, LateWork } from './late-work.js';
import { cancelDeliveries } from './sql/cancel-deliveries.js';
import { lockDelivery } from './sql/lock-delivery.js';
import { selectPending } from './sql/select-pending.js';
import { describeRow, describeRows } from './subject.js';

/** Ends what waits without sending it; whatever waited behind it goes on at once. */
@Injectable()
export class CancellationsService {
  constructor(
    private readonly work: LateWork,
    private readonly db: AuditDatabase,
    private readonly clock: Clock,
    private readonly metrics: DeliveryMetrics,
  ) {}

  /**
   * @returns the delivery as it is now
   * @throws Problem 404; 409 `in_flight`, `finished`; 503 `busy`
   */
  async cancel(call: AdminCall, id: string): Promise<DeliveryView> {
    const ended = new Map<string, number>();
    const view = await this.work.change(call, async (step) => {
      const known = await lockDelivery(step.db, id);
      if (!known) throw notFound('delivery');
      const { state, type, ticket, attempts, reason, in_doubt } = known;
      if (state === 'sending') throw new Problem(409, 'in_flight', 'The delivery is being sent at this moment.');
      if (state !== 'pending') throw new Problem(409, 'finished', `The delivery is ${state} already.`);
      await this.end(step, [id], ended);
      const row = await selectDelivery(step.db, id);
      if (!row) throw new Error('A delivery was cancelled, and is not there.');
      await step.record({
        action: 'cancel',
        subject: describeRow('delivery', id, type, ticket),
        before: { state, attempts, reason, in_doubt },
        after: { state: row.state, attempts, reason: row.reason, in_doubt: false },
      });
      return toDeliveryView(row);
    });
    this.metrics.cancelled(ended);
    return view;
  }

  /**
   * Cancels all that waits of what a filter names.
   *
   * @param isDryRun whether they are only counted
   * @throws Problem 400 `empty_filter`, `too_many`, `question_too_costly`; 503 `busy`
   */
  async cancelAll(call: AdminCall, filter: CancelFilter, isDryRun: boolean): Promise<CancelledView> {
    refuseEmptyFilter(filter);
    if (isDryRun) {
      const ids = await selectPending(this.db.primary, filter, MOST_AT_ONCE + 1);
      refuseTooMany(ids);
      return { dry_run: true, count: ids.length, left_out: { in_flight: 0 } };
    }
    // Two at a time could wait for each other, as each counts what it ends.
    const ended = new Map<string, number>();
    const answer = await this.work.inTurn(call, async (step) => {
      const ids = await selectPending(step.db, filter, MOST_AT_ONCE + 1);
      refuseTooMany(ids);
      const count = await this.end(step, ids, ended);
      const view = { dry_run: false, count, left_out: { in_flight: ids.length - count } };
      if (count > 0) {
        const subject = describeRows('delivery', newId(this.clock.now()), count);
        const after = { filter, count, left_out: view.left_out };
        await step.record({ action: 'cancel', subject, before: null, after });
      }
      return view;
    });
    this.metrics.cancelled(ended);
    return answer;
  }

  /** @returns how many waited, and do not any more. @param ended is told of them by destination, for when it is committed */
  private async end({ db, concerned }: LateStep, ids: readonly string[], ended: Map<string, number>): Promise<number> {
    let total = 0;
    for (const portion of inPortions(ids)) {
      for (const [destination, count] of await cancelDeliveries(db, portion, this.clock.now())) {
        concerned.add(destination);
        ended.set(destination, (ended.get(destination) ?? 0) + count);
        total += count;
      }
    }
    return total;
  }
}
