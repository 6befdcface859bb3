import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import { errorCode } from '../database/error-code.js';
import { logTableOf, type PartitionedTable } from '../database/partitions.js';
import { isExpired, type LogPartition } from './log-partition.js';
import type { RetentionConnection } from './retention-connection.js';
import type { RetentionDays } from './retention-days.js';
import { detachPartition, finalizeDetach } from './sql/detach-partition.js';
import { dropPartition } from './sql/drop-partition.js';
import { listPartitions } from './sql/list-partitions.js';
import { markRemoval, unmarkRemoval } from './sql/mark-removal.js';
import { reattachPartition } from './sql/reattach-partition.js';
import { whyNeeded } from './why-needed.js';

/** Words go before the rows that they lead to. */
const ORDER: readonly PartitionedTable[] = ['event_words', 'events', 'delivery_words', 'deliveries', 'attempts'];
const DAY_MS = 86_400_000;
/** lock_not_available, query_canceled: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const TOOK_TOO_LONG = new Set(['55P03', '57014']);

/** Removes the months of the log that are older than it is kept, unless something unfinished needs them. */
export class PartitionRemover {
  private readonly logger = new Logger('retention');
  /** When it was last said of a partition that it stays. */
  private readonly said = new Map<string, number>();

  constructor(
    private readonly days: RetentionDays,
    private readonly clock: Clock,
  ) {}

  /**
   * One round: what earlier ones left half done, then what has grown old since. What cannot be done now is left to the
   * next round.
   *
   * @param stopping after which no other removal is begun
   */
  async run(connection: RetentionConnection, stopping: AbortSignal): Promise<void> {
    for (const partition of inOrder(await listPartitions(connection))) {
      if (stopping.aborted) return;
      if (partition.state !== 'attached' && partition.isMarked) {
        await this.attempt(connection, partition, () => this.finish(connection, partition));
      }
    }
    for (const partition of inOrder(await listPartitions(connection))) {
      if (stopping.aborted) return;
      if (partition.state === 'attached') await this.removeIfOld(connection, partition);
    }
  }

  private async removeIfOld(connection: RetentionConnection, partition: LogPartition): Promise<void> {
    if (!this.isOld(partition)) {
      // Its removal never came further than the mark, and then it was to be kept for longer.
      if (partition.isMarked)
        await this.attempt(connection, partition, () => unmarkRemoval(connection, partition.name));
      return;
    }
    const reason = (await whyNeeded(connection, partition)) ?? (await whyNotNow(connection, partition));
    if (reason !== undefined) {
      this.sayThatItStays(partition, reason);
      return;
    }
    await this.attempt(connection, partition, async () => {
      await markRemoval(connection, partition.name);
      await detachPartition(connection, partition).catch((error: unknown) =>
        unmarkUnbegun(connection, partition, error),
      );
      await this.settle(connection, partition);
    });
  }

  private async finish(connection: RetentionConnection, partition: LogPartition): Promise<void> {
    if (partition.state === 'detaching') await finalizeDetach(connection, partition);
    await this.settle(connection, partition);
  }

  /**
   * Of what is detached. Since the detaching waited for everybody who had used the table, what they made of it is seen
   * now: it is needed again when an old event was delivered anew meanwhile.
   */
  private async settle(connection: RetentionConnection, partition: LogPartition): Promise<void> {
    const reason = this.isOld(partition) ? await whyNeeded(connection, partition) : 'it is to be kept for longer now';
    if (reason !== undefined) {
      await reattachPartition(connection, partition);
      this.logger.warn(`${describe(partition)}: its removal is taken back, ${reason}`);
      return;
    }
    await dropPartition(connection, partition.name);
    const days = this.days[logTableOf(partition.table)];
    this.said.delete(partition.name);
    this.logger.log(`${describe(partition)}: removed, the whole month is older than ${days ?? 0} days`);
  }

  /** Takes what is the matter with one partition: the others do not suffer for it. */
  private async attempt(
    connection: RetentionConnection,
    partition: LogPartition,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      const isDone = await connection.whileSchemaIsOurs(work);
      if (!isDone) this.sayThatItStays(partition, 'the schema is being changed; tried again in the next round');
    } catch (error) {
      if (!TOOK_TOO_LONG.has(errorCode(error) ?? '')) throw error;
      this.logger.warn(`${describe(partition)}: something still uses the table; its removal goes on in the next round`);
    }
  }

  private isOld(partition: LogPartition): boolean {
    return isExpired(partition, this.days, this.clock.now());
  }

  /** Once a day. */
  private sayThatItStays(partition: LogPartition, reason: string): void {
    const now = this.clock.now().getTime();
    if (now - (this.said.get(partition.name) ?? -Infinity) < DAY_MS) return;
    this.said.set(partition.name, now);
    this.logger.log(`${describe(partition)}: stays although it is old, ${reason}`);
  }
}

/**
 * Where the first step of detaching has not been done, the removal has not begun: an operator may detach the month by hand
 * meanwhile, to keep it.
 *
 * @throws `error`, which detaching it ended with
 */
async function unmarkUnbegun(connection: RetentionConnection, { name }: LogPartition, error: unknown): Promise<never> {
  const now = (await listPartitions(connection)).find((partition) => partition.name === name);
  if (now?.state === 'attached') await unmarkRemoval(connection, name);
  throw error;
}

/** PostgreSQL detaches one partition of a table at a time, and refuses the next until somebody finishes with it. */
async function whyNotNow(connection: RetentionConnection, { table }: LogPartition): Promise<string | undefined> {
  const isBusy = (await listPartitions(connection)).some((each) => each.table === table && each.state === 'detaching');
  return isBusy ? 'another month of the table is not quite detached yet' : undefined;
}

function describe({ table, month }: LogPartition): string {
  return `${table} of ${month.toISOString().slice(0, 7)}`;
}

/** The oldest month first; within it as tables lead to each other. */
function inOrder(partitions: readonly LogPartition[]): LogPartition[] {
  return [...partitions].sort(
    (a, b) => a.month.getTime() - b.month.getTime() || ORDER.indexOf(a.table) - ORDER.indexOf(b.table),
  );
}
