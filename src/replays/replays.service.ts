import { Injectable } from '@nestjs/common';
import { toDeliveryView } from '../audit/log-views.js';
import type { DeliveryView } from '../audit/log-views.dto.js';
import { selectDelivery } from '../audit/sql/select-deliveries.js';
import type { AdminCall } from '../changes/admin-call.js';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { AuditDatabase } from '../database/audit-database.js';
import type { Queryable } from '../database/database.js';
import { notFound, Problem } from '../http/problem.js';
import { inPortions, MOST_AT_ONCE, refuseEmptyFilter, refuseTooMany } from './bounds.js';
import { isFinished } from './finished-state.js';
import { type LateStep, LateWork } from './late-work.js';
import type { NotReplayedView, ReplayedView, ReplayFilter } from './replay.dto.js';
import { findReplayable, type Replayable } from './sql/find-replayable.js';
import { insertReplays } from './sql/insert-replays.js';
import { selectReplayable } from './sql/select-replayable.js';
import { describeRow, describeRows } from './subject.js';

/** What a filter comes to. */
interface Found {
  /** In the order in which they are sent again. */
  ids: string[];
  leftOut: NotReplayedView;
}

/** Sends deliveries again: each by a new one, rendered anew, while the original stays as it is. */
@Injectable()
export class ReplaysService {
  constructor(
    private readonly work: LateWork,
    private readonly db: AuditDatabase,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the new delivery
   * @throws Problem 404; 409 `not_finished`, `destination_deleted`, `event_gone`, `replay_waiting`; 503 `busy`
   */
  replay(call: AdminCall, id: string): Promise<DeliveryView> {
    return this.work.inTurn(call, async (step) => {
      const original = await findReplayable(step.db, id);
      if (!original) throw notFound('delivery');
      refuseUnusable(original);
      const [made] = await this.make(step, [id], call.keyId);
      const row = made === undefined ? undefined : await selectDelivery(step.db, made);
      if (!row) throw new Error('A replay was made, and is not there.');
      const subject = describeRow('delivery', id, original.type, original.ticket);
      await step.record({ action: 'replay', subject, before: null, after: { replay: row.id } });
      return toDeliveryView(row);
    });
  }

  /**
   * Sends all again that a filter names, the dead ones where it names no state.
   *
   * @param isDryRun whether they are only counted
   * @throws Problem 400 `empty_filter`, `too_many`, `question_too_costly`; 503 `busy`
   */
  async replayAll(call: AdminCall, filter: ReplayFilter, isDryRun: boolean): Promise<ReplayedView> {
    refuseEmptyFilter(filter);
    if (isDryRun) {
      const { ids, leftOut } = await find(this.db.primary, filter);
      return { dry_run: true, count: ids.length, left_out: leftOut };
    }
    return this.work.inTurn(call, async (step) => {
      const { ids, leftOut } = await find(step.db, filter);
      await this.make(step, ids, call.keyId);
      const answer = { dry_run: false, count: ids.length, left_out: leftOut };
      if (ids.length > 0) {
        const subject = describeRows('delivery', newId(this.clock.now()), ids.length);
        const after = { filter, count: answer.count, left_out: leftOut };
        await step.record({ action: 'replay', subject, before: null, after });
      }
      return answer;
    });
  }

  /** @returns the ids of the new deliveries */
  private async make({ db, concerned }: LateStep, ids: readonly string[], keyId: string | null): Promise<string[]> {
    const made: string[] = [];
    const now = this.clock.now();
    for (const portion of inPortions(ids)) {
      const replays = portion.map((id) => ({ id, newId: newId(now) }));
      for (const destination of await insertReplays(db, replays, now, keyId)) concerned.add(destination);
      made.push(...replays.map((replay) => replay.newId));
    }
    return made;
  }
}

/** @throws Problem 409 */
function refuseUnusable(original: Replayable): void {
  const refuse = (code: string, detail: string): never => {
    throw new Problem(409, code, detail);
  };
  if (!isFinished(original.state)) refuse('not_finished', `The delivery is ${original.state}: it is sent anyway.`);
  if (original.is_destination_deleted) refuse('destination_deleted', 'Its destination is deleted.');
  if (!original.has_event) refuse('event_gone', 'Its event is not in the log any more.');
  if (original.is_being_replayed) refuse('replay_waiting', 'A replay of it has not ended yet.');
}

/** @throws Problem 400 `too_many`, or when `since` is after `until` */
async function find(db: Queryable, { state = 'dead', ...filter }: ReplayFilter): Promise<Found> {
  const rows = await selectReplayable(db, { ...filter, state }, MOST_AT_ONCE + 1);
  refuseTooMany(rows);
  const leftOut: NotReplayedView = { already_replayed: 0, destination_deleted: 0, event_gone: 0 };
  const ids: string[] = [];
  for (const { id, left_out: reason } of rows) {
    if (reason === null) ids.push(id);
    else leftOut[reason] += 1;
  }
  return { ids, leftOut };
}
