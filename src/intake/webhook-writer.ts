import { AsyncResource } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import { errorCode } from '../database/error-code.js';
import { HEAVY_BYTES, HeavyLane } from './heavy-lane.js';
import { QueueFullError } from './queue-full-error.js';
import { QueueLimit } from './queue-limit.js';
import { persistWebhooks } from './sql/persist-webhooks.js';
import { CommitTrace } from './traces/commit-trace.js';
import type { WebhookRecord, WriteResult } from './webhook-record.js';
import { type Waiting, WriteQueue } from './write-queue.js';

/** The queue holds no more bytes of webhooks, and no more of them than `QueueLimit` says; beyond that the sender is asked to come back. */
const MOST_QUEUED_BYTES = 134_217_728;
/** The database refuses this one webhook, whatever it is written with. */
export class UnstorableWebhookError extends Error {
  constructor(cause: unknown) {
    super('The log cannot store this webhook.', { cause });
    this.name = 'UnstorableWebhookError';
  }
}

/**
 * Joins concurrent webhooks into one commit: while one batch is being written, the next gathers. One writer with large
 * batches is faster than several with small ones (measured: 9,700 a second with one, 8,700 with three), and it keeps
 * the order of arrival. Large webhooks have a writer of their own: one of 1 MB takes the database as long as hundreds of
 * small ones, which do not wait for it (measured).
 */
@Injectable()
export class WebhookWriter {
  private readonly logger = new Logger('intake');
  private readonly light = new WriteQueue();
  private readonly heavy = new WriteQueue();
  private readonly limit = new QueueLimit();
  /** Where large webhooks wait before they come here. */
  readonly heavyLane = new HeavyLane();
  /** Hears of every commit: how many webhooks it was, and how long it took. */
  onCommit: (webhooks: number, ms: number) => void = () => undefined;
  /** Hears of every batch that could not be written as it was. */
  onFailure: () => void = () => undefined;
  /** Outside the request that happens to come first: what goes wrong in a batch is not its alone. */
  private readonly beginWriting = AsyncResource.bind((queue: WriteQueue) => void this.writeAll(queue));

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Whether another webhook would be refused. */
  get isFull(): boolean {
    return this.light.length >= this.limit.webhooks(this.clock.steady()) || this.bytes >= MOST_QUEUED_BYTES;
  }

  /** What waits to be written, and how much of the queue that is: from 1 on, another webhook is refused. */
  get depth(): { webhooks: number; bytes: number; fill: number } {
    const { light, heavy, bytes } = this;
    const fill = Math.max(
      light.length / this.limit.webhooks(this.clock.steady()),
      bytes / MOST_QUEUED_BYTES,
      this.heavyLane.fill,
    );
    return { webhooks: light.length + heavy.length, bytes, fill };
  }

  /** Somebody was refused because it is full. */
  noteRefusal(): void {
    this.limit.refused(this.clock.steady());
  }

  /**
   * Writes a webhook together with whatever else arrives now; resolves after the commit.
   *
   * @throws QueueFullError at once; DatabaseUnavailableError; UnstorableWebhookError for this webhook alone
   */
  write(record: WebhookRecord): Promise<WriteResult> {
    if (this.isFull) {
      this.noteRefusal();
      return Promise.reject(new QueueFullError());
    }
    return new Promise((resolve, reject) => {
      const queue = record.raw.body.length < HEAVY_BYTES ? this.light : this.heavy;
      const commit = record.trace && new CommitTrace(record.trace, this.clock);
      queue.push({ record, commit, resolve, reject });
      if (!queue.isBeingWritten) this.beginWriting(queue);
    });
  }

  private get bytes(): number {
    return this.light.bytes + this.heavy.bytes;
  }

  private async writeAll(queue: WriteQueue): Promise<void> {
    queue.isBeingWritten = true;
    while (queue.length > 0) await this.writeBatch(queue.takeBatch(), queue);
    queue.isBeingWritten = false;
  }

  private async writeBatch(batch: Waiting[], queue: WriteQueue): Promise<void> {
    const began = this.clock.steady();
    for (const { commit } of batch) commit?.written(batch.length, began);
    try {
      const results = await persistWebhooks(
        this.db,
        batch.map(({ record }) => record),
        this.clock.now(),
      );
      const ms = this.clock.steady() - began;
      if (queue === this.light) this.limit.learn(batch.length, ms);
      this.onCommit(batch.length, ms);
      batch.forEach(({ commit, resolve, reject }, index) => {
        const result = results[index];
        commit?.end();
        if (result) resolve(result);
        else reject(new Error('The database answered for fewer webhooks than were written.'));
      });
    } catch (error) {
      this.onFailure();
      if (error instanceof DatabaseUnavailableError) this.refuseAll([...batch, ...queue.takeAll()], error);
      else if (batch.length > 1) await this.writeOneByOne(batch, queue, error);
      else for (const waiting of batch) fail(waiting, asWriteError(error));
    }
  }

  /** Whoever waits behind would only wait for the same answer. */
  private refuseAll(waiting: Waiting[], error: DatabaseUnavailableError): void {
    for (const each of waiting) fail(each, error);
  }

  private async writeOneByOne(batch: Waiting[], queue: WriteQueue, error: unknown): Promise<void> {
    this.logger.warn({ err: error, webhooks: batch.length }, 'a batch failed; its webhooks are written one by one');
    for (const waiting of batch) await this.writeBatch([waiting], queue);
  }
}

function fail({ commit, reject }: Waiting, error: unknown): void {
  commit?.end(error);
  reject(error);
}

/**
 * SQLSTATE classes that blame the data: 22, data exception; 54, program limit exceeded
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html). Anything else is our fault, or the server's.
 */
function asWriteError(error: unknown): unknown {
  return /^(22|54)/.test(errorCode(error) ?? '') ? new UnstorableWebhookError(error) : error;
}
