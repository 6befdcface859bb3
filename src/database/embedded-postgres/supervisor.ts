import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from './error-message.js';
import { type EmbeddedPostgresLog } from './log.js';
import { Postmaster, type ServerPlan } from './postmaster.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A server that ran so long ended for a new reason: pauses begin anew. */
const STEADY_MS = 30_000;

/** Keeps a started server running, on the same port, until it is told to stop. */
export class Supervisor {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private pauseMs = FIRST_PAUSE_MS;

  constructor(
    private current: Postmaster,
    private readonly plan: ServerPlan,
    private readonly log: EmbeddedPostgresLog,
  ) {
    this.running = this.watch();
  }

  /** Stops the server for good; resolves when it has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.current.stop();
    await this.running;
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async watch(): Promise<void> {
    while (!this.isStopping()) {
      const started = performance.now();
      const how = await this.current.ended;
      if (this.isStopping()) return;
      if (performance.now() - started > STEADY_MS) this.pauseMs = FIRST_PAUSE_MS;
      this.log.error(`PostgreSQL ended unexpectedly (${how}); starting it again`);
      await this.startAgain();
    }
  }

  /** Tries until it runs or is no longer wanted; the dead server's children may hold its memory for a moment. */
  private async startAgain(): Promise<void> {
    const { signal } = this.stopping;
    while (!this.isStopping()) {
      // Aborting ends the pause early, which the loop's condition sees.
      await sleep(this.pauseMs, undefined, { signal }).catch(() => undefined);
      this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
      if (this.isStopping()) return;
      try {
        this.current = await Postmaster.start(this.plan, signal);
        this.log.info(`PostgreSQL is back on port ${this.plan.port}`);
        return;
      } catch (error) {
        if (!this.isStopping()) this.log.error(errorMessage(error));
      }
    }
  }
}
