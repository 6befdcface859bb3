import { Client, type ClientBase, Pool } from 'pg';
import { lowestId, monthAfter, partitionName, type PartitionedTable } from '../src/database/partitions.js';
import {
  ATTEMPTS_SQL,
  deliveriesSql,
  EVENTS_SQL,
  SENTENCES_SQL,
  SOURCES_SQL,
  SUMMARIES_SQL,
  wordsSql,
} from './log-rows.js';

/** Months are built side by side, one a core. */
const BUILDERS = 2;
/** Every source of the made-up log uses every route, so its summaries are far longer than in life. */
const SUMMARISED_MONTHS = 3;

const BUILDER_SETTINGS = "set maintenance_work_mem = '512MB'; set max_parallel_maintenance_workers = 0";

/** What a built log consists of. */
export interface BuiltLog {
  months: Date[];
  events: number;
  deliveries: number;
  seconds: number;
}

/**
 * Fills the log with months of made-up traffic that ended before this month: rows made in the database, each partition
 * without indexes at first, which are then built at once. Two deliveries an event, an attempt a delivery.
 */
export async function buildLog(url: string, deliveries: number, months: number, now: Date): Promise<BuiltLog> {
  const began = performance.now();
  const pool = new Pool({ connectionString: url, max: BUILDERS });
  const list = Array.from(
    { length: months },
    (_, index) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months + index, 1)),
  );
  const events = Math.round(deliveries / months / 2);
  await pool.query(SOURCES_SQL);
  await pool.query(SENTENCES_SQL);
  const waiting = [...list];
  const build = async (): Promise<void> => {
    for (let month = waiting.shift(); month; month = waiting.shift()) await buildMonth(pool, month, events);
  };
  await Promise.all(Array.from({ length: BUILDERS }, build));
  await pool.query('drop table bench_sentences');
  const summarised = list.at(-SUMMARISED_MONTHS) ?? now;
  for (const sql of SUMMARIES_SQL) await pool.query(sql, [lowestId(summarised)]);
  await pool.query(
    'vacuum (analyze) events, deliveries, attempts, event_words, delivery_words, delivery_summaries, latency_summaries',
  );
  await pool.query('update log_marks set id = $1', [
    lowestId(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))),
  ]);
  await pool.end();
  const seconds = Math.round((performance.now() - began) / 1_000);
  return { months: list, events: events * months, deliveries: events * 2 * months, seconds };
}

async function buildMonth(pool: Pool, month: Date, events: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(BUILDER_SETTINGS);
    const parts: [PartitionedTable, string][] = [
      ['events', EVENTS_SQL],
      ['deliveries', deliveriesSql(2)],
      ['attempts', ATTEMPTS_SQL],
      ['event_words', wordsSql('event')],
      ['delivery_words', wordsSql('delivery')],
    ];
    for (const [table, sql] of parts) {
      await buildPartition(client, table, month, sql, table === 'events' ? [month, monthAfter(month), events] : []);
    }
  } finally {
    client.release();
  }
}

/**
 * Fills this month as far as it has come, which intake goes on filling: events of a delivery each, without attempts and
 * words, which intake does not touch.
 */
export async function buildThisMonth(url: string, events: number, now: Date): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(BUILDER_SETTINGS);
    await client.query(SENTENCES_SQL);
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
    await buildPartition(client, 'events', month, EVENTS_SQL, [month, now, events]);
    await buildPartition(client, 'deliveries', month, deliveriesSql(1), []);
    await client.query('drop table bench_sentences');
    await client.query('vacuum (analyze) events, deliveries');
    // Else the log's follower would be catching up while intake is measured.
    await client.query('update log_marks set id = $1', [lowestId(now)]);
  } finally {
    await client.end();
  }
}

/** @param sql with MONTH for the partition's suffix */
async function buildPartition(
  client: ClientBase,
  table: PartitionedTable,
  month: Date,
  sql: string,
  values: unknown[],
): Promise<void> {
  const name = partitionName(table, month);
  await client.query(`drop table if exists ${name}`);
  await client.query(`create table ${name} (like ${table} including defaults including constraints)`);
  await client.query(sql.replaceAll('MONTH', month.toISOString().slice(0, 7).replace('-', '_')), values);
  for (const definition of await indexDefinitions(client, table, name)) await client.query(definition);
  await client.query(
    `alter table ${table} attach partition ${name}
     for values from ('${lowestId(month)}') to ('${lowestId(monthAfter(month))}')`,
  );
}

/** Those of the parent, for a partition. */
async function indexDefinitions(client: ClientBase, table: string, name: string): Promise<string[]> {
  const { rows } = await client.query<{ definition: string; is_primary: boolean }>(
    `select pg_get_indexdef(indexrelid) as definition, indisprimary as is_primary
     from pg_index where indrelid = $1::regclass`,
    [table],
  );
  return rows.map(({ definition, is_primary: isPrimary }) =>
    isPrimary
      ? `alter table ${name} add primary key (id)`
      : definition.replace(/INDEX \S+ ON ONLY \S+ /, `INDEX ON ${name} `),
  );
}
