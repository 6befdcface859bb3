import { readEnvironment } from '../config/read-environment.js';
import { startUpLog } from '../telemetry/start-up-log.js';
import { startEmbeddedPostgres } from './embedded-postgres/embedded-postgres.js';
import { migrate, revertLatest } from './migrate.js';
import { refusePooler } from './refuse-pooler.js';

/**
 * `deskwire migrate`: on `DATABASE_DIRECT_URL`, else `DATABASE_URL`, else the embedded database, which must not be in use.
 *
 * @returns the exit code
 */
export async function migrateCommand(action: 'run' | 'revert'): Promise<number> {
  const environment = readEnvironment();
  const external = environment.DATABASE_DIRECT_URL ?? environment.DATABASE_URL;
  const embedded =
    external === undefined
      ? await startEmbeddedPostgres({ dataDir: environment.DATA_DIR, log: startUpLog(environment) })
      : undefined;
  if (external !== undefined) await refusePooler(external);
  const url = external ?? embedded?.url ?? '';
  try {
    if (action === 'run') {
      const names = await migrate(url, new Date());
      process.stdout.write(names.length === 0 ? 'The schema is up to date.\n' : `Done: ${names.join(', ')}\n`);
    } else {
      await revertLatest(url);
      process.stdout.write('The latest migration is undone.\n');
    }
    return 0;
  } finally {
    await embedded?.stop();
  }
}
