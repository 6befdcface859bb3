import { Injectable } from '@nestjs/common';
import type { AdminCall } from '../changes/admin-call.js';
import { type AdminStep, AdminTransactions } from '../changes/admin-transactions.js';
import type { Queryable } from '../database/database.js';
import { queryableOf } from '../database/queryable-of.js';
import { DeliverySignal } from '../deliveries/delivery-signal.js';
import { refuseTooCostly } from './bounds.js';
import { limitStatements } from './sql/limit-statements.js';
import { takeLateLock } from './sql/take-late-lock.js';

/** A transaction that changes what waits to be sent. */
export interface LateStep extends AdminStep {
  db: Queryable;
  /** Destinations whose owners are told once it is committed. */
  concerned: Set<string>;
}

/** Changes the queue at an admin's request, and tells those who work it. */
@Injectable()
export class LateWork {
  constructor(
    private readonly transactions: AdminTransactions,
    private readonly signal: DeliverySignal,
  ) {}

  /**
   * Changes much of what waits: one request after the other, in every process.
   *
   * @throws Problem 400 `question_too_costly`, 503 `busy`, and whatever `work` throws
   */
  inTurn<Answer>(call: AdminCall, work: (step: LateStep) => Promise<Answer>): Promise<Answer> {
    return this.change(call, async (step) => {
      await takeLateLock(step.db);
      return work(step);
    });
  }

  /** Changes one that waits. @throws Problem 400 `question_too_costly`, 503 `busy`, and whatever `work` throws */
  async change<Answer>(call: AdminCall, work: (step: LateStep) => Promise<Answer>): Promise<Answer> {
    const concerned = new Set<string>();
    const answer = await refuseTooCostly(
      this.transactions.run(call, async (step) => {
        const db = queryableOf(step.manager);
        await limitStatements(db);
        return work({ ...step, db, concerned });
      }),
    );
    this.signal.announce(concerned);
    return answer;
  }
}
