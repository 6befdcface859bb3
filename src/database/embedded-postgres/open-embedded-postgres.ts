import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../error-code.js';
import { readClusterRecord } from './cluster-record.js';
import { DataDirectoryInUseError } from './data-directory-lock.js';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.js';
import { EmbeddedPostgresError } from './errors.js';
import { checkDatabase, databaseUrl } from './prepare-database.js';

/** A start takes two or three seconds, a recovery longer. */
const WAIT_MS = 15_000;
const LOOK_EVERY_MS = 250;

/** No gateway has ever been started on the directory. */
class NoEmbeddedDatabaseError extends EmbeddedPostgresError {
  constructor(dataDir: string) {
    super(
      `DATA_DIR: there is no database in ${dataDir} yet. Start the gateway first, or set DATA_DIR or DATABASE_URL.`,
    );
    this.name = 'NoEmbeddedDatabaseError';
  }
}

/** A gateway has the directory, but its server does not answer. */
class EmbeddedDatabaseAwayError extends EmbeddedPostgresError {
  constructor(dataDir: string, cause: unknown) {
    super(`The gateway that uses ${dataDir} is just starting or stopping, or runs in another container.`, { cause });
    this.name = 'EmbeddedDatabaseAwayError';
  }
}

/**
 * Opens the embedded database for a command, whether or not a gateway runs on it. If one does, its server is used, by the
 * port and password that it leaves in DATA_DIR for whoever owns it; else the server is started for as long as the command
 * takes. A database is never made.
 *
 * @throws NoEmbeddedDatabaseError; EmbeddedDatabaseAwayError after 15 s; as `startEmbeddedPostgres`
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = await findDataDirectory(options.dataDir);
  try {
    return await startEmbeddedPostgres({ ...options, dataDir });
  } catch (error) {
    if (!(error instanceof DataDirectoryInUseError)) throw error;
    return { url: await findRunningServer(dataDir), stop: () => Promise.resolve() };
  }
}

async function findDataDirectory(dataDir: string): Promise<string> {
  try {
    const directory = await realpath(dataDir);
    if ((await readClusterRecord(directory)) !== undefined) return directory;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  throw new NoEmbeddedDatabaseError(dataDir);
}

/** The record is of the last start until the present one is complete: another port may be asked in vain until then. */
async function findRunningServer(dataDir: string): Promise<string> {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    const record = await readClusterRecord(dataDir);
    if (record === undefined) throw new NoEmbeddedDatabaseError(dataDir);
    try {
      await checkDatabase(record.port, record.password);
      return databaseUrl(record.port, record.password);
    } catch (error) {
      if (performance.now() > until) throw new EmbeddedDatabaseAwayError(dataDir, error);
      await sleep(LOOK_EVERY_MS);
    }
  }
}
