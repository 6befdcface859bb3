import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { forgetKeys } from './sql/forget-keys.js';

const ROUND_MS = 60_000;
/** Small enough that intake never waits for it. */
const AT_ONCE = 5_000;

/** Forgets deduplication keys when they have expired; a key that is still there then does no harm. */
@Injectable()
export class KeySweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('intake');
  private cancel: () => void = () => undefined;
  private stopped = false;
  private current: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.wait();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.current;
  }

  private wait(): void {
    if (this.stopped) return;
    this.cancel = this.clock.after(ROUND_MS, () => {
      this.current = this.round();
    });
  }

  private async round(): Promise<void> {
    try {
      while (!this.stopped && (await forgetKeys(this.db, this.clock.now(), AT_ONCE)) === AT_ONCE);
    } catch (error) {
      this.logger.warn({ err: error }, 'expired keys could not be removed; tried again in a minute');
    }
    this.wait();
  }
}
