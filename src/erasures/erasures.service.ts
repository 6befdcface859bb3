import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { AdminCall } from '../changes/admin-call.js';
import { AdminTransactions } from '../changes/admin-transactions.js';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { Database } from '../database/database.js';
import { CHANGES_CHANNEL } from '../database/notifications.js';
import { notify } from '../database/sql/notify.js';
import { Problem } from '../http/problem.js';
import type { EraseBody, ErasureView } from './erasure.dto.js';
import { ErasureLock } from './erasure-lock.js';
import { ErasureRun } from './erasure-run.js';

/** Ten million events are minutes; after a crash the request's Idempotency-Key is free again by then. */
const LONGEST_MS = 3_600_000;
const RETRY_AFTER_STOP_SECONDS = 5;

/** Erases one person's data wherever it is kept. */
@Injectable()
export class Erasures implements OnModuleDestroy {
  private readonly logger = new Logger('erasures');
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly transactions: AdminTransactions,
    private readonly lock: ErasureLock,
    private readonly clock: Clock,
  ) {}

  /**
   * Erases, or with `dry_run` says what would be erased. Goes on where nobody waits for it any more, in steps that are
   * commits of their own: one that breaks off is simply asked for again.
   *
   * @throws Problem 409 `in_progress`, 422 `idempotency_key_reused`, 503 `stopping`; DatabaseUnavailableError
   */
  erase(call: AdminCall, body: EraseBody): Promise<ErasureView> {
    const work = (): Promise<ErasureView> => this.lock.alone(() => this.run(call, body));
    return this.transactions.once(call, work, LONGEST_MS);
  }

  /** One that is under way ends at its next step. */
  onModuleDestroy(): void {
    this.stopped = true;
  }

  private async run(call: AdminCall, { email, dry_run: isDryRun = false }: EraseBody): Promise<ErasureView> {
    const run = new ErasureRun(this.db, this.clock, email, isDryRun, () => {
      this.refuseWhileStopping();
    });
    if (isDryRun) return run.run();
    try {
      const view = await run.run();
      // Whoever delivers remembers the topics of tickets.
      await notify(this.db, CHANGES_CHANNEL, 'threads');
      await this.record(call, run, view.complete);
      return view;
    } catch (error) {
      // What was done is done, and is on record if that can be.
      await this.record(call, run, false).catch(() => undefined);
      this.logger.warn({ err: error }, 'an erasure broke off; it is to be asked for again');
      throw error;
    }
  }

  /** Without the person. */
  private async record(call: AdminCall, { counts }: ErasureRun, complete: boolean): Promise<void> {
    const { via, keyId, address } = call;
    await this.transactions.run({ via, keyId, address }, (step) =>
      step.record({
        action: 'erase',
        subject: { kind: 'person', id: newId(this.clock.now()), name: 'erased person' },
        before: null,
        after: { ...counts, complete },
      }),
    );
  }

  private refuseWhileStopping(): void {
    if (!this.stopped) return;
    throw new Problem(503, 'stopping', 'The gateway is being stopped; send this again in a moment.', {
      retryAfterSeconds: RETRY_AFTER_STOP_SECONDS,
    });
  }
}
