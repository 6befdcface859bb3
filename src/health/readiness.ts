import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** A database that takes longer than this to say anything is not one to send webhooks to. */
const DATABASE_ANSWER_MS = 2_000;

/** Whether this process can do its work. */
@Injectable()
export class Readiness {
  private started = false;
  private stopping = false;

  constructor(private readonly db: Database) {}

  /** The start-up is through: migrations, first sources, dispatcher. */
  markStarted(): void {
    this.started = true;
  }

  /** From now on balancers should send webhooks elsewhere. */
  markStopping(): void {
    this.stopping = true;
  }

  get isStopping(): boolean {
    return this.stopping;
  }

  async isReady(): Promise<boolean> {
    return this.started && !this.stopping && (await this.databaseAnswers());
  }

  private async databaseAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, DATABASE_ANSWER_MS, false);
    });
    // Whatever the error is, the answer to the probe is the same: not ready. The pool logs its own faults.
    const answer = this.db.query({ name: 'ping', text: 'select 1' }, []).then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([answer, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
