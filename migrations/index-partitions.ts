import type { QueryRunner } from 'typeorm';

interface PartitionIndex {
  partition: string;
  /** Null where the partition has none yet. */
  is_valid: boolean | null;
  /** Whether any index of the partition is the parent's part of it: one that was made like the parent has it by another name. */
  is_attached: boolean;
}

/**
 * Makes an index of a partitioned table without keeping writers waiting: of the parent alone, then of each partition
 * concurrently, then attached (https://www.postgresql.org/docs/current/ddl-partitioning.html). Not for a transaction.
 * What an interrupted run left is taken up.
 */
export async function indexPartitions(
  runner: QueryRunner,
  name: string,
  table: string,
  definition: string,
): Promise<void> {
  await runner.query(`create index if not exists ${name} on only ${table} ${definition}`);
  for (const { partition, is_valid: isValid, is_attached: isAttached } of await partitionsOf(runner, name, table)) {
    if (isAttached) continue;
    const own = partitionIndexName(partition, name, table);
    if (isValid === false) await runner.query(`drop index concurrently ${own}`);
    if (isValid !== true) await runner.query(`create index concurrently ${own} on ${partition} ${definition}`);
    await runner.query(`alter index ${name} attach partition ${own}`);
  }
}

function partitionIndexName(partition: string, name: string, table: string): string {
  return `${partition}${name.slice(table.length)}`;
}

function partitionsOf(runner: QueryRunner, name: string, table: string): Promise<PartitionIndex[]> {
  return runner.query(
    `select p.relname as partition, x.indisvalid as is_valid,
            exists (
              select from pg_inherits a
              join pg_index own on own.indexrelid = a.inhrelid
              where own.indrelid = p.oid and a.inhparent = to_regclass($3)
            ) as is_attached
     from pg_inherits i
     join pg_class p on p.oid = i.inhrelid
     left join pg_class c on c.relname = p.relname || $2 and c.relnamespace = p.relnamespace
     left join pg_index x on x.indexrelid = c.oid
     where i.inhparent = $1::regclass
     order by p.relname`,
    [table, name.slice(table.length), name],
  ) as Promise<PartitionIndex[]>;
}
