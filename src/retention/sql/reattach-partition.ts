import type { Queryable } from '../../database/database.js';
import { lowestId, partitionBounds } from '../../database/partitions.js';
import type { LogPartition } from '../log-partition.js';

/**
 * Puts a detached partition back, in one transaction. Its constraint says what `attach partition` wants to know, so no row
 * is read. Raw bodies may have been blanked beyond it while it was away: that begins again with it.
 */
export async function reattachPartition(db: Queryable, { table, name, month }: LogPartition): Promise<void> {
  const blankAgain = `
    update log_marks set id = '${lowestId(month)}' where name = 'raw_bodies' and id > '${lowestId(month)}';`;
  const text = `
    alter table ${table} attach partition ${name} for values ${partitionBounds(month)};
    comment on table ${name} is null;${table === 'events' ? blankAgain : ''}`;
  await db.query({ text }, []);
}
