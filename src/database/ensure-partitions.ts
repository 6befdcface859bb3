import type { QueryRunner } from 'typeorm';
import { errorCode } from './error-code.js';
import { MIGRATION_LOCK } from './migration-lock.js';
import {
  logTableOf,
  lowestId,
  monthAfter,
  monthAt,
  monthOf,
  partitionBounds,
  PARTITIONED_TABLES,
  type PartitionedTable,
  partitionName,
} from './partitions.js';

/** Last month too, at first: a webhook in flight over midnight keeps the id that it was given before. */
const MONTHS_BEHIND = 1;
export const MONTHS_AHEAD = 3;

/** Whoever holds the table for longer is let go first. Nobody waits behind us meanwhile who only reads or writes. */
const LOCK_TIMEOUT_MS = 2_000;
/** lock_not_available: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_NOT_AVAILABLE = '55P03';

/** A partition that could not be made now. */
export interface MissingPartition {
  name: string;
  month: Date;
}

/**
 * Makes the partitions up to three months ahead, where they are missing. Each is built apart, with the bounds as a
 * constraint, and then attached: `attach partition` takes a lock that lets reads and writes of the parent go on and, since
 * the constraint says what it wants to know, reads no row (https://www.postgresql.org/docs/current/sql-altertable.html).
 * Each has a transaction of its own, so that no table is held while another one is waited for. Safe to call at any time,
 * from any process.
 *
 * @returns what could not be made now, since another process changes the schema or something holds the table
 */
export async function ensurePartitions(runner: QueryRunner, now: Date): Promise<MissingPartition[]> {
  const existing = await existingPartitions(runner);
  const left: MissingPartition[] = [];
  for (const table of PARTITIONED_TABLES) {
    const missing = missingPartitions(table, existing, now);
    // Oldest first, and no other after one that failed: see `missingPartitions`.
    while (missing[0] && (await addPartition(runner, table, missing[0]))) missing.shift();
    left.push(...missing);
  }
  return left;
}

/**
 * Older months than this one are made only together with this one: last month, and words for all that the log has. Where
 * this month is there and an older one is not, that one has been removed.
 */
function missingPartitions(table: PartitionedTable, existing: ReadonlySet<string>, now: Date): MissingPartition[] {
  const months = Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => monthAt(now, ahead));
  if (!existing.has(partitionName(table, monthAt(now, 0)))) months.unshift(...olderMonths(table, existing, now));
  return months
    .map((month) => ({ name: partitionName(table, month), month }))
    .filter(({ name }) => !existing.has(name));
}

function olderMonths(table: PartitionedTable, existing: ReadonlySet<string>, now: Date): Date[] {
  const oldest = monthAt(now, -MONTHS_BEHIND);
  const log = logTableOf(table);
  const ofLog = log === table ? [] : [...existing].flatMap((name) => monthOf(log, name) ?? []);
  return [...ofLog.filter((month) => month < oldest), oldest].sort((a, b) => a.getTime() - b.getTime());
}

async function existingPartitions(runner: QueryRunner): Promise<Set<string>> {
  const rows = (await runner.query(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent in (${PARTITIONED_TABLES.map((table) => `'${table}'::regclass`).join(', ')})`,
  )) as { name: string }[];
  return new Set(rows.map((row) => row.name));
}

/** @returns false when it cannot be had now */
async function addPartition(
  runner: QueryRunner,
  table: PartitionedTable,
  partition: MissingPartition,
): Promise<boolean> {
  await runner.startTransaction();
  try {
    await runner.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    const isOurs = await holds(runner, 'pg_try_advisory_xact_lock($1)', MIGRATION_LOCK);
    const isThere = isOurs && (await holds(runner, IS_PARTITION, partition.name));
    if (isOurs && !isThere) await runner.query(partitionSql(table, partition));
    await runner.commitTransaction();
    return isOurs;
  } catch (error) {
    await runner.rollbackTransaction();
    if (errorCode(error) === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

/** Made by another process since we looked. */
const IS_PARTITION = 'exists (select from pg_inherits where inhrelid = to_regclass($1))';

async function holds(runner: QueryRunner, condition: string, value: unknown): Promise<boolean> {
  const [row] = (await runner.query(`select ${condition} as holds`, [value])) as { holds: boolean }[];
  return row?.holds === true;
}

function partitionSql(table: PartitionedTable, { name, month }: MissingPartition): string {
  return `
    create table if not exists ${name} (
      like ${table} including all,
      constraint ${name}_month check (id >= '${lowestId(month)}' and id < '${lowestId(monthAfter(month))}')
    );
    alter table ${table} attach partition ${name} for values ${partitionBounds(month)};`;
}
