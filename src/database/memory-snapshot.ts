import { AsyncResource } from 'node:async_hooks';
import { Logger, type OnModuleDestroy } from '@nestjs/common';

const RETRY_MS = 1_000;

/**
 * What the hot path reads of the database's smaller tables without asking it. Subclasses say how it is read; readings
 * follow one another, so that an older one never replaces a newer. `SnapshotFollower` has it read again when another
 * process changed it.
 */
export abstract class MemorySnapshot implements OnModuleDestroy {
  /** Where a change makes it old. */
  abstract readonly tables: readonly string[];

  private readonly log = new Logger('snapshot');
  private readonly listeners: (() => void)[] = [];
  private lastReading: Promise<void> = Promise.resolve();
  private waiting: Promise<void> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private staleSince: number | undefined;
  private closed = false;

  /** For how many milliseconds a change that was announced could not be read; 0 = all is as the database has it. */
  get staleMs(): number {
    return this.staleSince === undefined ? 0 : performance.now() - this.staleSince;
  }

  protected abstract read(): Promise<void>;

  /** Calls `listener` after every reading that succeeded, whether it found anything new or not. */
  onChange(listener: () => void): void {
    // In the context of whoever listens: its log lines are not those of the admin's request.
    this.listeners.push(AsyncResource.bind(listener));
  }

  /**
   * However many ask while a reading is under way, one more is made for all of them: it begins after they asked.
   *
   * @throws whatever reading throws; the snapshot stays as it was then
   */
  reload(): Promise<void> {
    if (this.waiting) return this.waiting;
    const reading = this.lastReading.then(() => {
      this.waiting = undefined;
      return this.readAndTell();
    });
    this.waiting = reading;
    this.lastReading = reading.catch(() => undefined);
    return reading;
  }

  /** After a change that is committed: if it cannot be read at once, it is read as soon as it can. */
  async refresh(): Promise<void> {
    clearTimeout(this.retry);
    try {
      await this.reload();
    } catch (error) {
      if (this.closed) return;
      this.staleSince ??= performance.now();
      this.log.warn({ err: error }, 'a change could not be read yet');
      clearTimeout(this.retry);
      this.retry = setTimeout(() => void this.refresh(), RETRY_MS).unref();
    }
  }

  onModuleDestroy(): void {
    this.closed = true;
    clearTimeout(this.retry);
  }

  private async readAndTell(): Promise<void> {
    await this.read();
    this.staleSince = undefined;
    for (const listener of this.listeners) {
      try {
        listener();
      } catch (error) {
        this.log.error({ err: error }, 'a change could not be followed');
      }
    }
  }
}
