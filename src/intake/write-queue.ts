import type { CommitTrace } from './traces/commit-trace.js';
import type { WebhookRecord, WriteResult } from './webhook-record.js';

/** One statement takes at most this much: a bigger batch saves nothing and holds everybody up when it fails. */
const MOST_IN_BATCH = 256;
const MOST_BYTES_IN_BATCH = 8_388_608;

/** A webhook that is to be written, and whoever waits for that. */
export interface Waiting {
  record: WebhookRecord;
  /** Where it is traced. */
  commit: CommitTrace | undefined;
  resolve: (result: WriteResult) => void;
  reject: (error: unknown) => void;
}

/** Webhooks that wait for one writer, in order of arrival. */
export class WriteQueue {
  private readonly waiting: Waiting[] = [];
  private waitingBytes = 0;
  /** Whether its writer is at work. */
  isBeingWritten = false;

  get length(): number {
    return this.waiting.length;
  }

  /** Of the bodies. */
  get bytes(): number {
    return this.waitingBytes;
  }

  push(waiting: Waiting): void {
    this.waiting.push(waiting);
    this.waitingBytes += waiting.record.raw.body.length;
  }

  /** The next webhooks in order of arrival, up to the first that repeats a key of the batch: it must find it committed. */
  takeBatch(): Waiting[] {
    const keys = new Set<string>();
    let count = 0;
    let bytes = 0;
    for (const { record } of this.waiting) {
      const key = deduplicationKey(record);
      const fits = count < MOST_IN_BATCH && (count === 0 || bytes + record.raw.body.length <= MOST_BYTES_IN_BATCH);
      if (!fits || (key !== undefined && keys.has(key))) break;
      if (key !== undefined) keys.add(key);
      count += 1;
      bytes += record.raw.body.length;
    }
    this.waitingBytes -= bytes;
    return this.waiting.splice(0, count);
  }

  takeAll(): Waiting[] {
    this.waitingBytes = 0;
    return this.waiting.splice(0);
  }
}

function deduplicationKey(record: WebhookRecord): string | undefined {
  if (record.outcome !== 'accepted' || !record.deduplication) return undefined;
  return `${record.sourceId} ${record.deduplication.key}`;
}
