import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import { lowestId } from '../database/partitions.js';
import type { RetentionConnection } from './retention-connection.js';
import { cutOff, type RetentionDays } from './retention-days.js';
import { blankRawBodies } from './sql/blank-raw-bodies.js';

/** Small enough that nobody notices one. */
const AT_ONCE = 500;
/** It rests so many times as long as it worked, so that webhooks find the disk free. */
const REST_FACTOR = 4;
const LONGEST_REST_MS = 5_000;

/** Forgets what helpdesks sent word for word, where that is to live shorter than the rest of an event. */
export class RawBodyEraser {
  private readonly logger = new Logger('retention');

  constructor(
    private readonly days: RetentionDays,
    private readonly clock: Clock,
    private readonly atOnce = AT_ONCE,
  ) {}

  /** @param stopping after which no other batch is begun */
  async run(connection: RetentionConnection, stopping: AbortSignal): Promise<void> {
    const before = cutOff(this.days.raw, this.clock.now());
    if (before === undefined) return;
    let blanked = 0;
    for (;;) {
      const began = this.clock.steady();
      const batch = await blankRawBodies(connection, lowestId(before), this.atOnce);
      blanked += batch.blanked;
      if (batch.seen < this.atOnce || stopping.aborted) break;
      await this.rest((this.clock.steady() - began) * REST_FACTOR, stopping);
    }
    if (blanked > 0) this.logger.log(`raw bodies: ${blanked} forgotten, older than ${this.days.raw ?? 0} days`);
  }

  private rest(ms: number, stopping: AbortSignal): Promise<void> {
    if (ms <= 0 || stopping.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const awake = (): void => {
        cancel();
        stopping.removeEventListener('abort', awake);
        resolve();
      };
      const cancel = this.clock.after(Math.min(ms, LONGEST_REST_MS), awake);
      stopping.addEventListener('abort', awake);
    });
  }
}
