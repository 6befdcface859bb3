import { AsyncResource } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import { errorCode } from '../database/error-code.js';
import { HeavyLane } from './heavy-lane.js';
import { QueueFullError } from './queue-full-error.js';
import { QueueLimit } from './queue-limit.js';
import { persistWebhooks } from './sql/persist-webhooks.js';
import { CommitTrace } from './traces/commit-trace.js';
import type { WebhookRecord, WriteResult } from './webhook-record.js';

/** The queue holds no more bytes of webhooks, and no more of them than `QueueLimit` says; beyond that the sender is asked to come back. */
const MOST_QUEUED_BYTES = 134_217_728;
/** One statement takes at most this much: a bigger batch saves nothing and holds everybody up when it fails. */
const MOST_IN_BATCH = 256;
const MOST_BYTES_IN_BATCH = 8_388_608;

/** The database refuses this one webhook, whatever it is written with. */
export class UnstorableWebhookError extends Error {
  constructor(cause: unknown) {
    super('The log cannot store this webhook.', { cause });
    this.name = 'UnstorableWebhookError';
  }
}

interface Waiting {
  record: WebhookRecord;
  /** Where it is traced. */
  commit: CommitTrace | undefined;
  resolve: (result: WriteResult) => void;
  reject: (error: unknown) => void;
}

/**
 * Joins concurrent webhooks into one commit: while one batch is being written, the next gathers. One writer with large
 * batches is faster than several with small ones (measured: 9,700 a second with one, 8,700 with three), and it keeps
 * the order of arrival.
 */
@Injectable()
export class WebhookWriter {
  private readonly logger = new Logger('intake');
  private readonly queue: Waiting[] = [];
  private readonly limit = new QueueLimit();
  /** Where large webhooks wait before they come here. */
  readonly heavyLane = new HeavyLane();
  private queuedBytes = 0;
  private writing = false;
  /** Hears of every commit: how many webhooks it was, and how long it took. */
  onCommit: (webhooks: number, ms: number) => void = () => undefined;
  /** Hears of every batch that could not be written as it was. */
  onFailure: () => void = () => undefined;
  /** Outside the request that happens to come first: what goes wrong in a batch is not its alone. */
  private readonly beginWriting = AsyncResource.bind(() => void this.writeAll());

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Whether another webhook would be refused. */
  get isFull(): boolean {
    return this.queue.length >= this.limit.webhooks(this.clock.steady()) || this.queuedBytes >= MOST_QUEUED_BYTES;
  }

  /** What waits to be written, and how much of the queue that is: from 1 on, another webhook is refused. */
  get depth(): { webhooks: number; bytes: number; fill: number } {
    const { queue, queuedBytes: bytes } = this;
    const fill = Math.max(
      queue.length / this.limit.webhooks(this.clock.steady()),
      bytes / MOST_QUEUED_BYTES,
      this.heavyLane.fill,
    );
    return { webhooks: queue.length, bytes, fill };
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
      const commit = record.trace && new CommitTrace(record.trace, this.clock);
      this.queue.push({ record, commit, resolve, reject });
      this.queuedBytes += record.raw.body.length;
      if (!this.writing) this.beginWriting();
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    while (this.queue.length > 0) await this.writeBatch(this.takeBatch());
    this.writing = false;
  }

  /** The next webhooks in order of arrival, up to the first that repeats a key of the batch: it must find it committed. */
  private takeBatch(): Waiting[] {
    const keys = new Set<string>();
    let count = 0;
    let bytes = 0;
    for (const { record } of this.queue) {
      const key = deduplicationKey(record);
      const fits = count < MOST_IN_BATCH && (count === 0 || bytes + record.raw.body.length <= MOST_BYTES_IN_BATCH);
      if (!fits || (key !== undefined && keys.has(key))) break;
      if (key !== undefined) keys.add(key);
      count += 1;
      bytes += record.raw.body.length;
    }
    this.queuedBytes -= bytes;
    return this.queue.splice(0, count);
  }

  private async writeBatch(batch: Waiting[]): Promise<void> {
    const began = this.clock.steady();
    for (const { commit } of batch) commit?.written(batch.length, began);
    try {
      const results = await persistWebhooks(
        this.db,
        batch.map(({ record }) => record),
        this.clock.now(),
      );
      const ms = this.clock.steady() - began;
      this.limit.learn(batch.length, ms);
      this.onCommit(batch.length, ms);
      batch.forEach(({ commit, resolve, reject }, index) => {
        const result = results[index];
        commit?.end();
        if (result) resolve(result);
        else reject(new Error('The database answered for fewer webhooks than were written.'));
      });
    } catch (error) {
      this.onFailure();
      if (error instanceof DatabaseUnavailableError) this.refuseAll(batch, error);
      else if (batch.length > 1) await this.writeOneByOne(batch, error);
      else for (const waiting of batch) fail(waiting, asWriteError(error));
    }
  }

  /** Whoever waits behind would only wait for the same answer. */
  private refuseAll(batch: Waiting[], error: DatabaseUnavailableError): void {
    const waiting = [...batch, ...this.queue.splice(0)];
    this.queuedBytes = 0;
    for (const each of waiting) fail(each, error);
  }

  private async writeOneByOne(batch: Waiting[], error: unknown): Promise<void> {
    this.logger.warn({ err: error, webhooks: batch.length }, 'a batch failed; its webhooks are written one by one');
    for (const waiting of batch) await this.writeBatch([waiting]);
  }
}

function fail({ commit, reject }: Waiting, error: unknown): void {
  commit?.end(error);
  reject(error);
}

function deduplicationKey(record: WebhookRecord): string | undefined {
  if (record.outcome !== 'accepted' || !record.deduplication) return undefined;
  return `${record.sourceId} ${record.deduplication.key}`;
}

/**
 * SQLSTATE classes that blame the data: 22, data exception; 54, program limit exceeded
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html). Anything else is our fault, or the server's.
 */
function asWriteError(error: unknown): unknown {
  return /^(22|54)/.test(errorCode(error) ?? '') ? new UnstorableWebhookError(error) : error;
}
