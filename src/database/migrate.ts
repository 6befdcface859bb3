import { DataSource, type QueryRunner } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { ensurePartitions, MIGRATION_LOCK } from './partitions.js';

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
 */
export async function migrate(url: string, now: Date): Promise<string[]> {
  return withMigrationLock(url, async (dataSource, runner) => {
    const done = await dataSource.runMigrations();
    await ensurePartitions(runner, now);
    return done.map((migration) => migration.name);
  });
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
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
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
