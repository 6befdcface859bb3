import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { requireMatch } from '../http/entity-tag.js';
import { Problem } from '../http/problem.js';
import type { AdminCall } from './admin-call.js';
import { type Change, toRecord } from './change.js';
import { forgetIdempotencyKeys } from './sql/forget-idempotency-keys.js';
import { insertChange } from './sql/insert-change.js';
import { keepAnswer } from './sql/keep-answer.js';
import { reserveIdempotencyKey } from './sql/reserve-idempotency-key.js';
import { withoutShownOnce } from './without-shown-once.js';

/** How long a POST is recognised when it is sent again. */
const IDEMPOTENCY_MS = 24 * 3_600_000;

/** All changes share this lock; one that must be alone has it for itself. The number tells it from other locks. */
const CHANGE_LOCK = 2_342_108_151;

/** A transaction in which somebody changes what admins manage. */
export interface AdminStep {
  manager: EntityManager;
  /**
   * Holds what is about to be changed to the version that the caller has seen. The row is locked by now.
   *
   * @throws Problem 400 `invalid_if_match`, 412 `precondition_failed`
   */
  requireMatch: (version: number | string, what: string) => void;
  /** Writes the change to the record, in the same transaction. */
  record: (change: Change) => Promise<void>;
}

/** Makes a change and the record of it one commit, and does what is asked for twice only once. */
@Injectable()
export class AdminTransactions {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs a change in a transaction; whatever it throws undoes it all.
   *
   * @param isAlone whether no other change may be under way meanwhile, for what looks at everything
   * @returns what `change` answers; where the call repeats an earlier one, that one's answer without its secrets
   * @throws Problem 422 `idempotency_key_reused`, and whatever `change` throws
   */
  run<Answer>(call: AdminCall, change: (step: AdminStep) => Promise<Answer>, isAlone = false): Promise<Answer> {
    return this.dataSource.transaction(async (manager) => {
      // First of all: whoever waits for it holds nothing that another could wait for.
      const lock = isAlone ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
      await manager.query(`select ${lock}($1)`, [CHANGE_LOCK]);
      const { idempotency, keyId } = call;
      if (!idempotency || keyId === null) return change(this.stepOf(call, manager));
      const now = this.clock.now();
      await forgetIdempotencyKeys(manager, now);
      const reservation = { keyId, ...idempotency, expiresAt: new Date(now.getTime() + IDEMPOTENCY_MS) };
      const earlier = await reserveIdempotencyKey(manager, reservation, now);
      if (!earlier) {
        const answer = await change(this.stepOf(call, manager));
        await keepAnswer(manager, reservation, withoutShownOnce(answer));
        return answer;
      }
      if (!earlier.fingerprint.equals(idempotency.fingerprint)) {
        const detail = 'Idempotency-Key: another request has been made with this key.';
        throw new Problem(422, 'idempotency_key_reused', detail);
      }
      call.onReplay?.();
      return earlier.answer as Answer;
    });
  }

  private stepOf(call: AdminCall, manager: EntityManager): AdminStep {
    const requestId = newId(this.clock.now());
    return {
      manager,
      requireMatch: (version, what) => {
        requireMatch(call.ifMatch, version, what);
      },
      record: (change) => insertChange(manager, toRecord(change, call, requestId, this.clock.now())),
    };
  }
}
