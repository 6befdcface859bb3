/** Events, deliveries and attempts: each partitioned by month of its UUIDv7. */
const PARTITIONED_TABLES = ['events', 'deliveries', 'attempts'] as const;

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
  for (let offset = -MONTHS_BEHIND; offset <= MONTHS_AHEAD; offset += 1) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
    const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset + 1, 1));
    for (const table of PARTITIONED_TABLES) {
      const name = `${table}_${month.toISOString().slice(0, 7).replace('-', '_')}`;
      if (!existing.has(name)) await runner.query(partitionSql(table, name, lowestId(month), lowestId(next)));
    }
  }
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
