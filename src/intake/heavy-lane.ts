import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import { QueueFullError } from './queue-full-error.js';

/** From this size on a webhook keeps the process busy for milliseconds. */
export const HEAVY_BYTES = 65_536;
/** So many bytes of them are taken side by side; a larger one alone. */
const MOST_AT_ONCE = 1_048_576;
/** Of those that wait or are being taken: as much as the queue before the database holds. */
const MOST_BYTES = 134_217_728;

interface Waiting {
  bytes: number;
  start: () => void;
  reject: (error: Error) => void;
}

/**
 * Has large webhooks taken a megabyte at a time, so that each commit waits for that much of them at most: four senders of
 * 1 MB without end left a tenth of the others' throughput when each took its turn with all (measured).
 */
export class HeavyLane {
  private readonly waiting: Waiting[] = [];
  private heldBytes = 0;
  private activeBytes = 0;

  /** How full it is: from 1 on, no more come in. */
  get fill(): number {
    return this.heldBytes / MOST_BYTES;
  }

  /**
   * Does `work` on a body of so many bytes when its turn has come.
   *
   * @throws QueueFullError at once; DatabaseUnavailableError once that is what one before it came to, as whoever waits
   *   would only wait for the same; whatever `work` throws
   */
  async run<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    if (this.fill >= 1) throw new QueueFullError();
    this.heldBytes += bytes;
    try {
      await this.turn(bytes);
      try {
        return await work();
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) this.refuseAll(error);
        throw error;
      } finally {
        this.activeBytes -= bytes;
        this.startNext();
      }
    } finally {
      this.heldBytes -= bytes;
    }
  }

  private turn(bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ bytes, start: resolve, reject });
      this.startNext();
    });
  }

  private startNext(): void {
    for (let [next] = this.waiting; next; [next] = this.waiting) {
      if (this.activeBytes > 0 && this.activeBytes + next.bytes > MOST_AT_ONCE) return;
      this.waiting.shift();
      this.activeBytes += next.bytes;
      next.start();
    }
  }

  private refuseAll(error: DatabaseUnavailableError): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
