import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import { Rounds } from '../clock/rounds.js';
import { PartitionRemover } from './partition-remover.js';
import { RawBodyEraser } from './raw-body-eraser.js';
import { RetentionConnection, type RetentionLimits } from './retention-connection.js';
import type { RetentionDays } from './retention-days.js';

/** A start is busy enough without. */
const FIRST_ROUND_MS = 300_000;
const ROUND_MS = 3_600_000;

/** Longer than any question of an auditor's is allowed to take in all, which is what a removal waits for. */
const LIMITS: RetentionLimits = { lockMs: 15_000, statementMs: 30_000 };

/**
 * Keeps the log as long as it is to be kept, and no longer. Every process has rounds; one at a time does something in them,
 * over a connection of its own.
 */
export class Retention {
  /** Who wants to know of rounds: of those that this process did, and of those that failed. */
  onSuccess: (at: Date) => void = () => undefined;
  onFailure: () => void = () => undefined;
  private readonly logger = new Logger('retention');
  private readonly rounds: Rounds;
  private readonly remover: PartitionRemover;
  private readonly eraser: RawBodyEraser;
  private readonly stopping = new AbortController();
  private connection: RetentionConnection | undefined;
  private running: Promise<void> | undefined;

  /** @param url past any transaction pooler: locks are held by the session */
  constructor(
    private readonly url: string,
    days: RetentionDays,
    private readonly clock: Clock,
    private readonly limits = LIMITS,
  ) {
    this.rounds = new Rounds(clock, ROUND_MS, () => this.run(), FIRST_ROUND_MS);
    this.remover = new PartitionRemover(days, clock);
    this.eraser = new RawBodyEraser(days, clock);
  }

  /** Also where everything is kept: what was half removed when that was decided comes back. */
  start(): void {
    this.rounds.start();
  }

  /** What is under way is broken off; the next process goes on with it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const stopped = this.rounds.stop();
    await this.connection?.cancel();
    await stopped;
  }

  /** One round, or the rest of the one that is under way. Never throws: what goes wrong is logged, and tried again. */
  run(): Promise<void> {
    this.running ??= this.round().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async round(): Promise<void> {
    const connection = new RetentionConnection(this.url, this.limits);
    this.connection = connection;
    try {
      await connection.open();
      if (!(await connection.becomeRemover())) return;
      await this.remover.run(connection, this.stopping.signal);
      if (!this.stopping.signal.aborted) await this.eraser.run(connection, this.stopping.signal);
      if (!this.stopping.signal.aborted) this.onSuccess(this.clock.now());
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      this.onFailure();
      this.logger.error({ err: error }, 'the log could not be kept short; tried again in an hour');
    } finally {
      this.connection = undefined;
      await connection.close();
    }
  }
}
