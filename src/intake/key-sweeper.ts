import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Rounds } from '../clock/rounds.js';
import { Database } from '../database/database.js';
import { forgetKeys } from './sql/forget-keys.js';

const ROUND_MS = 60_000;
/** Small enough that intake never waits for it. */
const AT_ONCE = 5_000;

/** Forgets deduplication keys when they have expired; a key that is still there then does no harm. */
@Injectable()
export class KeySweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('intake');
  private readonly rounds: Rounds;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.rounds = new Rounds(clock, ROUND_MS, () => this.round());
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }

  private async round(): Promise<void> {
    try {
      while (!this.rounds.isStopped && (await forgetKeys(this.db, this.clock.now(), AT_ONCE)) === AT_ONCE);
    } catch (error) {
      this.logger.warn({ err: error }, 'expired keys could not be removed; tried again in a minute');
    }
  }
}
