import { randomUUID } from 'node:crypto';
import { chown, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PostgresStartError } from './errors.js';
import { type PostgresBinaries } from './find-binaries.js';
import { type EmbeddedPostgresLog } from './log.js';
import { type ClusterPlace } from './place-cluster.js';
import { SUPERUSER } from './postgres-settings.js';
import { runProgram } from './run-program.js';
import { type ServerAccount } from './server-account.js';

/** Beside the cluster, on the same disk, so that a rename makes it real. */
const STAGING = '.staging-';

/**
 * Makes a new database cluster: complete and on the disk, or not there. initdb works in a staging directory, which is
 * renamed only at the end, so that being killed half-way leaves nothing that looks like a cluster.
 *
 * @param sync false only where data need not outlive a power cut (tests)
 * @throws PostgresStartError with initdb's words
 */
export async function initialiseCluster(
  binaries: PostgresBinaries,
  place: ClusterPlace,
  password: string,
  sync: boolean,
): Promise<void> {
  const staging = `${place.directory}${STAGING}${randomUUID()}`;
  try {
    await mkdir(staging, { mode: 0o700 });
    await giveTo(staging, place.account);
    const passwordFile = join(staging, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await giveTo(passwordFile, place.account);
    const cluster = join(staging, 'cluster');
    const args = initdbArguments(cluster, passwordFile, sync);
    const { code, output } = await runProgram(binaries.initdb, args, { account: place.account });
    if (code !== 0) throw new PostgresStartError(`initdb ended with code ${String(code)}`, output);
    await rename(cluster, place.directory);
    if (sync) await syncDirectory(place.parent);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * Removes what interrupted initialisations left. Only to be called by the directory's owner, so that none is under way;
 * an initdb whose gateway was killed may still be writing, hence the repetitions.
 */
export async function removeInterrupted(place: ClusterPlace, log: EmbeddedPostgresLog): Promise<void> {
  const prefix = `${basename(place.directory)}${STAGING}`;
  for (const name of await readdir(place.parent)) {
    if (!name.startsWith(prefix)) continue;
    log.warn('removing the remains of an interrupted initialisation of the database');
    await rm(join(place.parent, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

/**
 * Collation: the builtin provider's C.UTF-8. Like C it compares bytes, so indexes are small, fast and never broken by an
 * upgrade of the system's C library; unlike C, lower(), upper() and ilike know all of Unicode, so that names and titles
 * beyond ASCII are found whatever their case. (https://www.postgresql.org/docs/18/locale.html#LOCALE-PROVIDERS)
 */
function initdbArguments(cluster: string, passwordFile: string, sync: boolean): string[] {
  return [
    `--pgdata=${cluster}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(sync ? [] : ['--no-sync']),
  ];
}

async function giveTo(path: string, account: ServerAccount | undefined): Promise<void> {
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

/** A rename is on the disk only when its directory is. Windows has no such call, and needs none. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
