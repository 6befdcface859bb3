import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DataDirectoryInUseError,
  lockDataDirectory,
} from '../../src/database/embedded-postgres/data-directory-lock.js';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres/embedded-postgres.js';
import { quickDirectory } from './quick-directory.js';

/** A PostgreSQL server for one run of the tests. */
export interface TestServer {
  /** Logs in as a role that may create databases. */
  url: string;
  stop(): Promise<void>;
}

const PREFIX = 'deskwire-tests-';
/** A run that has just begun has its directory, but not yet its lock. */
const SETTLED_MS = 60_000;

/** What makes tests fast and data forgettable. Autovacuum would now and then sit in the template database. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  // Of what may be kept in memory.
  max_wal_size: '256MB',
  max_connections: '200',
};

const log = {
  info: () => undefined,
  warn: (message: string) => process.stderr.write(`test database: ${message}\n`),
  error: (message: string) => process.stderr.write(`test database: ${message}\n`),
};

/** Uses the server that `TEST_DATABASE_URL` names, or starts one, in memory where that is possible. */
export async function startTestServer(): Promise<TestServer> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: () => Promise.resolve() };
  await removeInterruptedRuns();
  const dataDir = await mkdtemp(join(quickDirectory(), PREFIX));
  // The account that runs the server, if we are root, must get in.
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, log, settings: SETTINGS });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A run that was killed leaves its directory; its server has ended with it (`stop-with-parent.ts`). */
async function removeInterruptedRuns(): Promise<void> {
  const parent = quickDirectory();
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const directory = join(parent, name);
    if (Date.now() - (await stat(directory)).mtimeMs < SETTLED_MS) continue;
    try {
      const lock = await lockDataDirectory(directory, log);
      await lock.release();
    } catch (error) {
      if (error instanceof DataDirectoryInUseError) continue;
      throw error;
    }
    await rm(directory, { recursive: true, force: true });
  }
}
