import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { type Environment } from './config/environment.js';
import { readEnvironment } from './config/read-environment.js';
import { migrate } from './database/migrate.js';
import { refusePooler } from './database/refuse-pooler.js';
import { startEmbeddedPostgres } from './database/embedded-postgres/embedded-postgres.js';
import { keySourceOf } from './secrets/encryption-keys.js';
import type * as StartGateway from './start-gateway.js';
import { describeStartUpError } from './start-up/start-up-error.js';
import { startUpMessage } from './start-up/start-up-message.js';
import { logLastWords } from './telemetry/last-words.js';
import { startUpLog } from './telemetry/start-up-log.js';

/** Measured: with it a first start takes 2.4 s, without it 3.2 s. */
const DATABASE_HEAD_START_MS = 100;

/** Below the 30 s after which orchestrators kill. What is in the air is looked up by whoever comes next. */
const STOP_LIMIT_MS = 25_000;

/**
 * By how much V8 lets the old part of the heap grow before it cleans it. Left to itself it more than trebles it: 300 MB of
 * memory under load in place of 190, at the same speed (measured; `npm run bench -- intake`).
 */
const HEAP_GROWING_PERCENT = 60;

/** A database, and how to end it when it is ours. */
interface OwnedDatabase {
  url: string;
  /** Past a pooler, where one stands before it. */
  directUrl?: string;
  stop(): Promise<void>;
}

async function main(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
  const environment = readEnvironment();
  logLastWords(environment);
  const [database, { startGateway }] = await Promise.all([openDatabase(environment), loadGateway()]);
  try {
    const gateway = await startGateway({
      environment,
      databaseUrl: database.url,
      directDatabaseUrl: database.directUrl ?? database.url,
      // Asked after the database was opened: who may enter DATA_DIR depends on the account that it runs as.
      encryptionKey: keySourceOf(environment),
    });
    process.stdout.write(startUpMessage(gateway.url, environment, gateway.firstStart));
    stopOnSignal(async () => {
      await gateway.stop();
      await database.stop();
    });
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/**
 * The modules take as long to load as the database to start, and neither needs the other; but loading holds up the event
 * loop, so the database's programs are started first.
 */
async function loadGateway(): Promise<typeof StartGateway> {
  await sleep(DATABASE_HEAD_START_MS);
  return import('./start-gateway.js');
}

async function openDatabase(environment: Environment): Promise<OwnedDatabase> {
  const log = startUpLog(environment);
  if (environment.DATABASE_URL !== undefined) {
    const directUrl = environment.DATABASE_DIRECT_URL ?? environment.DATABASE_URL;
    await refusePooler(directUrl);
    await migrate(directUrl, new Date());
    return { url: environment.DATABASE_URL, directUrl, stop: () => Promise.resolve() };
  }
  const embedded = await startEmbeddedPostgres({ dataDir: environment.DATA_DIR, log });
  try {
    await migrate(embedded.url, new Date());
    return embedded;
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

/** The first signal stops in good order, within a time limit; a second one ends the process at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => {
      process.stderr.write(`The gateway did not stop within ${STOP_LIMIT_MS / 1_000} s; it ends all the same.\n`);
      process.exit(1);
    }, STOP_LIMIT_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The gateway did not stop in good order: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

main().catch((error: unknown) => {
  process.stderr.write(`Deskwire cannot start. ${describeStartUpError(error)}\n`);
  process.exit(1);
});
