import { DataSource } from 'typeorm';
import { BY_COMMAND } from '../../changes/admin-call.js';
import { AdminTransactions } from '../../changes/admin-transactions.js';
import { SystemClock } from '../../clock/clock.js';
import { UsageError } from '../../command/usage-error.js';
import { readDatabaseEnvironment, readEncryptionEnvironment } from '../../config/read-environment.js';
import { type DatabaseEnvironment, EnvironmentError } from '../../config/validate-environment.js';
import { describeDatabaseError } from '../../database/describe-database-error.js';
import { EmbeddedPostgresError } from '../../database/embedded-postgres/errors.js';
import { openEmbeddedPostgres } from '../../database/embedded-postgres/open-embedded-postgres.js';
import { errorCode } from '../../database/error-code.js';
import { Problem } from '../../http/problem.js';
import { Source } from '../../sources/source.entity.js';
import { ApiKey } from '../api-key.entity.js';
import { ApiKeysService } from '../api-keys.service.js';
import { findSource } from '../sql/find-source.js';
import { type KeysArguments, readKeysArguments, USAGE } from './keys-arguments.js';
import { listKeys } from './list-keys.js';
import { rotateEncryptionOf } from './rotate-encryption.js';

const BAD_USAGE = 2;
/** undefined_table, undefined_column: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SCHEMA_CODES = new Set(['42P01', '42703']);
const CONNECT_LIMIT_MS = 10_000;

type OfApiKeys = Exclude<KeysArguments, { action: 'help' | 'rotate-encryption' }>;

/**
 * `deskwire keys`: for an operator with a shell and no key. Neither the web server nor anything else of the gateway is
 * started; keys are stored hashed, so that none but `rotate-encryption` needs the encryption key. Standard output has the
 * answer alone, so that scripts can take it.
 *
 * @returns the exit code: 0, 1 for a failure, 2 for bad usage
 */
export async function keysCommand(args: readonly string[]): Promise<number> {
  try {
    const wanted = readKeysArguments(args);
    if (wanted.action === 'help') process.stdout.write(USAGE);
    else if (wanted.action === 'rotate-encryption') return await rotateEncryption();
    else await onDatabase(readDatabaseEnvironment(), (dataSource) => run(wanted, dataSource));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\nHow to use it: deskwire keys --help\n`);
      return BAD_USAGE;
    }
    process.stderr.write(`${describeFailure(error)}\n`);
    return 1;
  }
}

async function run(wanted: OfApiKeys, dataSource: DataSource): Promise<void> {
  const clock = new SystemClock();
  const transactions = new AdminTransactions(dataSource, clock);
  const keys = new ApiKeysService(dataSource.getRepository(ApiKey), transactions, clock);
  if (wanted.action === 'list') {
    process.stdout.write(await listKeys(keys, clock.now()));
  } else if (wanted.action === 'revoke') {
    await keys.revoke(BY_COMMAND, wanted.id);
    process.stderr.write('The key is revoked.\n');
  } else {
    const { body } = wanted;
    const sourceId = wanted.source === undefined ? undefined : await sourceNamed(dataSource, wanted.source);
    const made = await keys.create(BY_COMMAND, { ...body, ...(sourceId !== undefined && { source_id: sourceId }) });
    process.stderr.write(`Made the key "${made.name}" (${made.role}, id ${made.id}). It is shown this once:\n`);
    process.stdout.write(`${made.key ?? ''}\n`);
  }
}

async function sourceNamed({ manager }: DataSource, nameOrId: string): Promise<string> {
  const id = await findSource(manager, nameOrId);
  if (id === undefined) throw new Problem(404, 'not_found', `There is no source with the name or id "${nameOrId}".`);
  return id;
}

async function rotateEncryption(): Promise<number> {
  const environment = readEncryptionEnvironment();
  return onDatabase(environment, (dataSource) => rotateEncryptionOf(dataSource, environment));
}

async function onDatabase<Result>(
  { DATABASE_URL, DATA_DIR }: DatabaseEnvironment,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  const log = { info: () => undefined, warn: complain, error: complain };
  const embedded = DATABASE_URL === undefined ? await openEmbeddedPostgres({ dataDir: DATA_DIR, log }) : undefined;
  try {
    const dataSource = await new DataSource({
      type: 'postgres',
      url: DATABASE_URL ?? embedded?.url ?? '',
      entities: [ApiKey, Source],
      applicationName: 'deskwire-keys',
      extra: { max: 2, connectionTimeoutMillis: CONNECT_LIMIT_MS },
    }).initialize();
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await embedded?.stop();
  }
}

function complain(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** In words, never with a stack: whoever reads it has lost a key, and looks for no fault of ours. */
function describeFailure(error: unknown): string {
  if (error instanceof Problem) return error.detail;
  if (error instanceof EnvironmentError || error instanceof EmbeddedPostgresError) return error.message;
  if (SCHEMA_CODES.has(errorCode(error) ?? '')) {
    return 'The database is not of this version: start the gateway, or run "npm run migrate".';
  }
  return describeDatabaseError(error) ?? (error instanceof Error ? error.message : String(error));
}
