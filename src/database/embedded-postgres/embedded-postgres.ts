import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { writeClusterRecord } from './cluster-record.js';
import { lockDataDirectory } from './data-directory-lock.js';
import { findBinaryPackage, type PostgresBinaries } from './find-binaries.js';
import { initialiseCluster, removeInterrupted } from './initialise-cluster.js';
import { type EmbeddedPostgresLog } from './log.js';
import { makeDataDirectory } from './make-data-directory.js';
import { placeCluster, ROOT_STATE_DIRECTORY, type ClusterPlace } from './place-cluster.js';
import { GATEWAY_ROLE, type PostgresSettings } from './postgres-settings.js';
import { prepareBinaries } from './prepare-binaries.js';
import { checkDatabase, databaseUrl, prepareDatabase } from './prepare-database.js';
import { resetPassword } from './reset-password.js';
import { ServerLogFile } from './server-log-file.js';
import { startServer } from './start-server.js';
import { stopOrphan } from './stop-orphan.js';
import { Supervisor } from './supervisor.js';

export interface EmbeddedPostgresOptions {
  /** The gateway's DATA_DIR; made if it is not there, readable by its owner alone. */
  dataDir: string;
  log: EmbeddedPostgresLog;
  /** On top of the defaults of `postgres-settings.ts`. */
  settings?: PostgresSettings;
}

export interface EmbeddedPostgres {
  /** Logs in to the gateway's database; the same after every restart while this process lives. */
  readonly url: string;
  /** Stops the server and gives the directory free. Safe to call twice. */
  stop(): Promise<void>;
}

type UndoStep = () => Promise<void>;

const PASSWORD_BYTES = 32;

/**
 * Starts a PostgreSQL server of our own on loopback, from the binaries in node_modules, and keeps it running: one that
 * dies is started again on the same port, so that pools reconnect. Its files lie in `<dataDir>/postgres`.
 *
 * @throws DataDirectoryInUseError when a live gateway uses the directory; UnsupportedPlatformError, NoServerAccountError,
 *   ClusterUnreachableError, ClusterRecordError, PostgresStartError as their names say; Node's errors for files
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const undo: UndoStep[] = [];
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= unwind(undo));
  try {
    return { url: await bringUp(options, undo), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns the URL; what must be undone to stop, or after a failure, is added to `undo` as it is done */
async function bringUp({ log, settings = {}, ...options }: EmbeddedPostgresOptions, undo: UndoStep[]): Promise<string> {
  const dataDir = await realpath(makeDataDirectory(options.dataDir));
  const hold = async (directory: string) => {
    const lock = await lockDataDirectory(directory, log);
    undo.push(() => lock.release());
  };
  await hold(dataDir);
  const place = await placeCluster(dataDir, log);
  if (place.parent !== dataDir) await hold(place.parent);
  const copyTo = join(place.account === undefined ? dataDir : ROOT_STATE_DIRECTORY, 'binaries');
  const binaries = await prepareBinaries({ packageRoot: findBinaryPackage(), account: place.account, copyTo, log });
  const password = await prepareCluster(binaries, place, settings, log);
  const logFile = await ServerLogFile.open(dataDir, log);
  undo.push(() => logFile.close());
  const { postmaster, plan } = await startServer({ binaries, place, settings, logFile, log }, place.record?.port);
  const supervisor = new Supervisor(postmaster, plan, log);
  undo.push(() => supervisor.stop());
  if (place.record === undefined) await prepareDatabase(plan.port, password);
  await checkDatabase(plan.port, password);
  // Written last: where the record is, the database is complete.
  const elsewhere = place.parent === dataDir ? {} : { directory: place.directory };
  await writeClusterRecord(dataDir, { ...elsewhere, port: plan.port, user: GATEWAY_ROLE, password });
  log.info(`PostgreSQL is running on 127.0.0.1:${plan.port}, its files are in ${place.directory}`);
  return databaseUrl(plan.port, password);
}

/** @returns the password with which the cluster, not yet running, can be entered */
async function prepareCluster(
  binaries: PostgresBinaries,
  place: ClusterPlace,
  settings: PostgresSettings,
  log: EmbeddedPostgresLog,
): Promise<string> {
  await removeInterrupted(place, log);
  const password = place.record?.password ?? randomBytes(PASSWORD_BYTES).toString('hex');
  if (!place.exists) {
    await initialiseCluster(binaries, place, password, settings['fsync'] !== 'off');
    return password;
  }
  await stopOrphan(binaries, place, log);
  if (place.record === undefined) await resetPassword(binaries, place, password);
  return password;
}

/** Last done, first undone; a step that fails does not keep back the others. */
async function unwind(undo: UndoStep[]): Promise<void> {
  const step = undo.pop();
  if (step === undefined) return;
  try {
    await step();
  } finally {
    await unwind(undo);
  }
}
