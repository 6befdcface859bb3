import type { Queryable, Statement } from '../../database/database.js';
import { monthOf, PARTITIONED_TABLES } from '../../database/partitions.js';
import type { LogPartition } from '../log-partition.js';
import { REMOVAL_MARK } from './mark-removal.js';

/* Tables that are named like partitions, attached or not. Attached to something else they are none of ours. */
const LIST_PARTITIONS: Statement = {
  name: 'list-partitions',
  text: `
    select c.relname as name, p.relname as parent, coalesce(i.inhdetachpending, false) as is_detaching,
           coalesce(obj_description(c.oid, 'pg_class') = $2, false) as is_marked
    from pg_class c
    left join pg_inherits i on i.inhrelid = c.oid
    left join pg_class p on p.oid = i.inhparent
    where c.relkind = 'r'
      and c.relnamespace = (select relnamespace from pg_class where oid = 'events'::regclass)
      and c.relname ~ ('^(' || array_to_string($1::text[], '|') || ')_[0-9]{4}_[0-9]{2}$')
    order by c.relname`,
};

interface PartitionRow {
  name: string;
  parent: string | null;
  is_detaching: boolean;
  is_marked: boolean;
}

/** @returns every month of every table, by name */
export async function listPartitions(db: Queryable): Promise<LogPartition[]> {
  const rows = await db.query<PartitionRow>(LIST_PARTITIONS, [PARTITIONED_TABLES, REMOVAL_MARK]);
  return rows.flatMap((row) => toPartition(row) ?? []);
}

function toPartition(row: PartitionRow): LogPartition | undefined {
  for (const table of PARTITIONED_TABLES) {
    const month = monthOf(table, row.name);
    if (!month || (row.parent !== null && row.parent !== table)) continue;
    const state = row.parent === null ? 'detached' : row.is_detaching ? 'detaching' : 'attached';
    return { name: row.name, table, month, state, isMarked: row.is_marked };
  }
  return undefined;
}
