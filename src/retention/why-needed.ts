import type { Queryable } from '../database/database.js';
import { logTableOf, partitionName } from '../database/partitions.js';
import type { LogPartition } from './log-partition.js';
import { hasUnfinished, mayHaveAttemptsOf, refersToEventsOf } from './sql/find-unfinished.js';
import { listPartitions } from './sql/list-partitions.js';

/**
 * Words are needed as long as the rows that they belong to. Deliveries count wherever they are, attached or not.
 *
 * @returns why a month of the log may not go although it is old, in words; undefined = it may
 */
export async function whyNeeded(db: Queryable, { table, month }: LogPartition): Promise<string | undefined> {
  const deliveries = (await listPartitions(db)).filter((each) => each.table === 'deliveries');
  const apart = deliveries.filter(({ state }) => state !== 'attached').map(({ name }) => name);
  switch (logTableOf(table)) {
    case 'deliveries': {
      const own = partitionName('deliveries', month);
      const isThere = deliveries.some(({ name }) => name === own);
      return isThere && (await hasUnfinished(db, own)) ? 'deliveries of it still wait to be sent' : undefined;
    }
    case 'events':
      return (await refersToEventsOf(db, ['deliveries', ...apart], month))
        ? 'deliveries of its events still wait to be sent'
        : undefined;
    case 'attempts':
      return (await mayHaveAttemptsOf(db, ['deliveries', ...apart], month))
        ? 'deliveries that still wait to be sent may have attempts in it'
        : undefined;
  }
}
