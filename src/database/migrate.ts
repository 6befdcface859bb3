import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, type QueryRunner } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { ensurePartitions } from './ensure-partitions.js';
import { MIGRATION_LOCK } from './migration-lock.js';

/** How often a process that waits for its turn asks again. */
const ASK_AGAIN_MS = 100;
/** How often partitions are tried that are needed now; each time waits a while for what holds the table. */
const PARTITION_TRIES = 3;

/** @returns a data source for migrations alone: no entities, one connection. Not yet initialised. */
function migrationDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    applicationName: 'deskwire-migrate',
    extra: { max: 2 },
  });
}

/**
 * Brings the schema up to date and makes the partitions ahead of need, under a lock that lets only one process do it.
 *
 * @returns the names of the migrations that were run
 * @throws when a partition that webhooks of today need cannot be made
 */
export async function migrate(url: string, now: Date): Promise<string[]> {
  return withMigrationLock(url, async (dataSource, runner) => {
    const done = await dataSource.runMigrations();
    await ensureNeededPartitions(runner, now);
    return done.map((migration) => migration.name);
  });
}

/** What is made for later may be missing: it is tried again while the gateway runs. */
async function ensureNeededPartitions(runner: QueryRunner, now: Date): Promise<void> {
  let needed: string[] = [];
  for (let tries = 0; tries < PARTITION_TRIES; tries += 1) {
    const missing = await ensurePartitions(runner, now);
    needed = missing.filter(({ month }) => month <= now).map(({ name }) => name);
    if (needed.length === 0) return;
  }
  throw new Error(`The partitions ${needed.join(', ')} cannot be attached: something holds a lock on their table.`);
}

/** Undoes the latest migration. */
export async function revertLatest(url: string): Promise<void> {
  await withMigrationLock(url, async (dataSource) => {
    await dataSource.undoLastMigration();
  });
}

async function withMigrationLock<Result>(
  url: string,
  work: (dataSource: DataSource, runner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const dataSource = await migrationDataSource(url).initialize();
  try {
    const runner = dataSource.createQueryRunner();
    await takeLock(runner);
    try {
      return await work(dataSource, runner);
    } finally {
      await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await runner.release();
    }
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Asks again and again rather than waiting in the database: a statement that waits holds a snapshot, which
 * `create index concurrently` of the one that has the lock would wait for in turn.
 */
async function takeLock(runner: QueryRunner): Promise<void> {
  for (;;) {
    const [row] = (await runner.query('select pg_try_advisory_lock($1) as is_ours', [MIGRATION_LOCK])) as {
      is_ours: boolean;
    }[];
    if (row?.is_ours === true) return;
    await sleep(ASK_AGAIN_MS);
  }
}
