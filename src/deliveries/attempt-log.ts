import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import type { SendOutcome } from '../notifiers/notifier.js';
import type { Decision } from './retry-policy.js';
import { type AttemptEnd, finishAttempt } from './sql/finish-attempt.js';

const RETRY_WRITE_MS = 500;

interface AttemptTimes {
  id: string;
  deliveryId: string;
  startedAt: Date;
  finishedAt: Date;
}

/** Writes down what attempts came to. */
@Injectable()
export class AttemptLog {
  private readonly logger = new Logger('deliveries');
  private closed = false;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Records an outcome. It is known to nobody else, so while the database is away this waits for it; if the process
   * ends first, the attempt counts as interrupted.
   */
  async finish(times: AttemptTimes, outcome: SendOutcome, decision: Decision): Promise<void> {
    const end = attemptEnd(times, outcome, decision);
    for (;;) {
      try {
        await finishAttempt(this.db, end);
        return;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError) || this.closed) throw error;
        this.logger.warn({ delivery_id: times.deliveryId }, 'an outcome waits for the database');
        await new Promise<void>((resolve) => this.clock.after(RETRY_WRITE_MS, resolve));
      }
    }
  }

  /** From now on an outcome that cannot be written is given up. */
  close(): void {
    this.closed = true;
  }
}

function attemptEnd(times: AttemptTimes, outcome: SendOutcome, decision: Decision): AttemptEnd {
  const waits = decision.state === 'pending';
  return {
    id: times.id,
    deliveryId: times.deliveryId,
    durationMs: times.finishedAt.getTime() - times.startedAt.getTime(),
    outcome: outcome.outcome,
    reason: outcome.outcome === 'sent' ? null : outcome.reason,
    httpStatus: outcome.httpStatus ?? null,
    response: outcome.response ?? null,
    messageId: outcome.outcome === 'sent' ? (outcome.messageId ?? null) : null,
    inDoubt: outcome.outcome === 'retry' && outcome.inDoubt,
    state: decision.state,
    costsAttempt: !waits || decision.costsAttempt,
    nextAttemptAt: waits ? new Date(times.finishedAt.getTime() + decision.waitMs) : null,
    finishedAt: waits ? null : times.finishedAt,
  };
}
