import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { errorCode } from '../database/error-code.js';
import { requireMatch } from '../http/entity-tag.js';
import { Problem } from '../http/problem.js';
import type { AdminCall } from './admin-call.js';
import { type Change, toRecord } from './change.js';
import { forgetIdempotencyKeys } from './sql/forget-idempotency-keys.js';
import { insertChange } from './sql/insert-change.js';
import { keepAnswer } from './sql/keep-answer.js';
import { releaseIdempotencyKey } from './sql/release-idempotency-key.js';
import { type Reservation, reserveIdempotencyKey } from './sql/reserve-idempotency-key.js';
import { takeChangeLock } from './sql/take-change-lock.js';
import { busy, Turnstile } from './turnstile.js';
import { withoutShownOnce } from './without-shown-once.js';

/** How long a POST is recognised when it is sent again. */
const IDEMPOTENCY_MS = 24 * 3_600_000;
/** What is done outside of a transaction takes at most seconds; after a crash its key is free again by then. */
const UNDER_WAY_MS = 60_000;
/** Of the connections for what admins manage: the others are for those who only look. */
const MOST_AT_ONCE = 3;
const MOST_WAITING = 100;
/** lock_not_available after `lock_timeout`, and deadlock_detected: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_CODES: readonly unknown[] = ['55P03', '40P01'];

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
  private readonly turnstile = new Turnstile(MOST_AT_ONCE, MOST_WAITING);

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs a change in a transaction; whatever it throws undoes it all. It is not to wait for anything but the database.
   *
   * @param isAlone whether no other change may be under way meanwhile, for what looks at everything
   * @returns what `change` answers; where the call repeats an earlier one, that one's answer without its secrets
   * @throws Problem 422 `idempotency_key_reused`, 503 `busy`, and whatever `change` throws
   */
  run<Answer>(call: AdminCall, change: (step: AdminStep) => Promise<Answer>, isAlone = false): Promise<Answer> {
    return this.inTransaction(isAlone, async (manager) => {
      const reservation = this.reservationOf(call, IDEMPOTENCY_MS);
      if (!reservation) return change(this.stepOf(call, manager));
      const earlier = await this.reserve(manager, call, reservation);
      if (earlier) return earlier.answer as Answer;
      const answer = await change(this.stepOf(call, manager));
      await keepAnswer(manager, reservation, withoutShownOnce(answer));
      return answer;
    });
  }

  /**
   * Does something once that is no change, and may take seconds: no transaction is open meanwhile. If the process ends
   * before it is done, it may be done again a minute later.
   *
   * @param underWayMs in place of that minute, for what takes longer
   * @returns as `run`
   * @throws Problem 409 `in_progress` while an equal request is being answered, 422 `idempotency_key_reused`; whatever
   *   `work` throws
   */
  async once<Answer>(call: AdminCall, work: () => Promise<Answer>, underWayMs = UNDER_WAY_MS): Promise<Answer> {
    const reservation = this.reservationOf(call, underWayMs);
    if (!reservation) return work();
    const earlier = await this.inTransaction(false, (manager) => this.reserve(manager, call, reservation));
    if (earlier?.answer === null) {
      throw new Problem(409, 'in_progress', 'The same request is being answered: ask again in a moment.');
    }
    if (earlier) return earlier.answer as Answer;
    const expiresAt = new Date(this.clock.now().getTime() + IDEMPOTENCY_MS);
    const answer = await work().catch(async (error: unknown) => {
      await releaseIdempotencyKey(this.dataSource.manager, reservation);
      throw error;
    });
    await keepAnswer(this.dataSource.manager, { ...reservation, expiresAt }, withoutShownOnce(answer));
    return answer;
  }

  private async inTransaction<Result>(
    isAlone: boolean,
    work: (manager: EntityManager) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await this.turnstile.pass(() =>
        this.dataSource.transaction(async (manager) => {
          // First of all: whoever waits for it holds nothing that another could wait for.
          await takeChangeLock(manager, isAlone);
          return work(manager);
        }),
      );
    } catch (error) {
      if (LOCK_CODES.includes(errorCode(error))) throw busy(error);
      throw error;
    }
  }

  private reservationOf({ idempotency, keyId }: AdminCall, lastsMs: number): Reservation | undefined {
    if (!idempotency || keyId === null) return undefined;
    const { key, fingerprint } = idempotency;
    return { keyId, key, fingerprint, expiresAt: new Date(this.clock.now().getTime() + lastsMs) };
  }

  /** @returns what was answered to the same request before, if it was */
  private async reserve(
    manager: EntityManager,
    call: AdminCall,
    reservation: Reservation,
  ): Promise<{ answer: unknown } | null> {
    const now = this.clock.now();
    await forgetIdempotencyKeys(manager, now);
    const earlier = await reserveIdempotencyKey(manager, reservation, now);
    if (!earlier) return null;
    if (!earlier.fingerprint.equals(reservation.fingerprint)) {
      const detail = 'Idempotency-Key: another request has been made with this key.';
      throw new Problem(422, 'idempotency_key_reused', detail);
    }
    if (earlier.answer !== null) call.onReplay?.();
    return earlier;
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
