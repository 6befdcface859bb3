import { Logger } from '@nestjs/common';

const RETRY_MS = 1_000;

/**
 * What the hot path reads of the database's smaller tables without asking it. Subclasses say how it is read; readings
 * follow one another, so that an older one never replaces a newer.
 */
export abstract class MemorySnapshot {
  private readonly log = new Logger('snapshot');
  private lastReading: Promise<void> = Promise.resolve();

  protected abstract read(): Promise<void>;

  /** @throws whatever reading throws; the snapshot stays as it was then */
  reload(): Promise<void> {
    const reading = this.lastReading.then(() => this.read());
    this.lastReading = reading.catch(() => undefined);
    return reading;
  }

  /** After a change that is committed: if it cannot be read at once, it is read as soon as it can. */
  async refresh(): Promise<void> {
    try {
      await this.reload();
    } catch (error) {
      this.log.warn({ err: error }, 'a change could not be read yet');
      setTimeout(() => void this.refresh(), RETRY_MS).unref();
    }
  }
}
