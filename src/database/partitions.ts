/** The log and the words that it is searched by: each partitioned by month of its UUIDv7. */
export const PARTITIONED_TABLES = ['events', 'deliveries', 'attempts', 'event_words', 'delivery_words'] as const;
export type PartitionedTable = (typeof PARTITIONED_TABLES)[number];

/** One number for all processes of one database; whoever changes the schema holds it. */
export const MIGRATION_LOCK = 4_815_162_342;

/** Last month too: a webhook in flight over midnight keeps the id that it was given before. */
const MONTHS_BEHIND = 1;
const MONTHS_AHEAD = 3;

/** Whatever runs SQL: a TypeORM query runner or data source. */
interface SqlRunner {
  query(sql: string): Promise<unknown>;
}

/**
 * Makes the partitions from last month to three months ahead, where they are missing. Each is built apart and then
 * attached: `attach partition` takes a lock that lets reads and writes of the parent go on, `create … partition of`
 * does not (https://www.postgresql.org/docs/current/sql-altertable.html). Safe to call at any time, from any process:
 * callers hold the migration lock.
 */
export async function ensurePartitions(runner: SqlRunner, now: Date): Promise<void> {
  const existing = await existingPartitions(runner);
  for (const table of PARTITIONED_TABLES) {
    for (const month of monthsOf(table, existing, now)) {
      const name = partitionName(table, month);
      if (existing.has(name)) continue;
      await runner.query(partitionSql(table, name, lowestId(month), lowestId(monthAfter(month))));
    }
  }
}

/** From last month on; words also for the months that the log has already. */
function monthsOf(table: PartitionedTable, existing: ReadonlySet<string>, now: Date): Date[] {
  const months: Date[] = [];
  const log = table === 'event_words' ? 'events' : table === 'delivery_words' ? 'deliveries' : undefined;
  const oldest = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS_BEHIND, 1));
  for (const name of log === undefined ? [] : existing) {
    const month = monthOf(log ?? table, name);
    if (month && month < oldest) months.push(month);
  }
  for (let offset = -MONTHS_BEHIND; offset <= MONTHS_AHEAD; offset += 1) {
    months.push(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)));
  }
  return months;
}

/** @returns e.g. `events_2026_03` */
export function partitionName(table: PartitionedTable, month: Date): string {
  return `${table}_${month.toISOString().slice(0, 7).replace('-', '_')}`;
}

/** @returns the first instant of the month that a partition of the table is for; undefined for another table's */
export function monthOf(table: PartitionedTable, partition: string): Date | undefined {
  const month = new RegExp(`^${table}_(\\d{4})_(\\d{2})$`).exec(partition);
  return month ? new Date(`${String(month[1])}-${String(month[2])}-01T00:00:00Z`) : undefined;
}

/** @returns the first instant of the next month */
export function monthAfter(month: Date): Date {
  return new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1));
}

async function existingPartitions(runner: SqlRunner): Promise<Set<string>> {
  const rows = (await runner.query(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent in (${PARTITIONED_TABLES.map((table) => `'${table}'::regclass`).join(', ')})`,
  )) as { name: string }[];
  return new Set(rows.map((row) => row.name));
}

function partitionSql(table: string, name: string, from: string, to: string): string {
  return `
    create table if not exists ${name} (like ${table} including all);
    alter table ${table} attach partition ${name} for values from ('${from}') to ('${to}');`;
}

/** @returns the lowest UUID that version 7 gives to an instant: 48 bits of Unix milliseconds, then zeros (RFC 9562, 5.7). */
export function lowestId(instant: Date): string {
  const hex = instant.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
