import { createHash } from 'node:crypto';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../error-code.js';
import { clusterRecordFile, readClusterRecord, type ClusterRecord } from './cluster-record.js';
import { ClusterUnreachableError } from './errors.js';
import { type EmbeddedPostgresLog } from './log.js';
import { runProgram } from './run-program.js';
import { findServerAccount, runsAsRoot, type ServerAccount } from './server-account.js';

/** Where root's clusters and copies of programs go when the account that runs the server cannot enter DATA_DIR. */
export const ROOT_STATE_DIRECTORY = '/var/lib/deskwire';

export interface ClusterPlace {
  /** The cluster itself (PGDATA). */
  directory: string;
  /** The directory in which it lies: `dataDir`, or one of our own elsewhere. */
  parent: string;
  exists: boolean;
  /** Undefined: as ourselves. */
  account: ServerAccount | undefined;
  record: ClusterRecord | undefined;
}

/**
 * Decides where the cluster lies and who runs it. What was decided once, postgres.json tells ever after.
 *
 * @throws ClusterUnreachableError when a recorded cluster is gone, or no place is reachable for the account;
 *   NoServerAccountError as root on a system without unprivileged users
 */
export async function placeCluster(dataDir: string, log: EmbeddedPostgresLog): Promise<ClusterPlace> {
  const record = await readClusterRecord(dataDir);
  if (record !== undefined) return recordedPlace(dataDir, record);
  const parent = await chooseParent(dataDir, log);
  const directory = join(parent, 'postgres');
  const owner = await ownerOf(directory);
  const account = await accountFor(owner);
  await assertReachable(parent, account);
  return { directory, parent, exists: owner !== undefined, account, record };
}

async function recordedPlace(dataDir: string, record: ClusterRecord): Promise<ClusterPlace> {
  const directory = record.directory ?? join(dataDir, 'postgres');
  const owner = await ownerOf(directory);
  if (owner === undefined) {
    const file = clusterRecordFile(dataDir);
    throw new ClusterUnreachableError(
      `The database files ${directory}, which belong to ${file}, are gone. Restore them, or delete ${file} to begin anew.`,
    );
  }
  const account = await accountFor(owner);
  const parent = dirname(directory);
  await assertReachable(parent, account);
  return { directory, parent, exists: true, account, record };
}

/** As root, outside DATA_DIR if need be: a directory below /root, say, which others may not enter. */
async function chooseParent(dataDir: string, log: EmbeddedPostgresLog): Promise<string> {
  const account = await accountFor(await ownerOf(join(dataDir, 'postgres')));
  if (account === undefined || (await canEnter(dataDir, account))) return dataDir;
  const parent = join(ROOT_STATE_DIRECTORY, await nameFor(dataDir));
  await mkdir(parent, { recursive: true, mode: 0o755 });
  // Whatever the umask: to be entered by the account, not listed.
  await chmod(ROOT_STATE_DIRECTORY, 0o755);
  await chmod(parent, 0o711);
  await writeFile(join(parent, 'belongs-to'), `${dataDir}\n`, { mode: 0o600 });
  log.warn(
    `the database files are kept in ${parent}: PostgreSQL does not run as root, and user ${account.uid} cannot enter ${dataDir}`,
  );
  return parent;
}

/** A DATA_DIR that was deleted and made again is another one: its age is part of the name, so it finds no old data. */
async function nameFor(dataDir: string): Promise<string> {
  const { ino, birthtimeNs } = await stat(dataDir, { bigint: true });
  return createHash('sha256').update(`${dataDir} ${ino} ${birthtimeNs}`).digest('hex').slice(0, 16);
}

/** A cluster keeps the owner it has, whoever would be chosen for a new one. */
async function accountFor(owner: ServerAccount | undefined): Promise<ServerAccount | undefined> {
  if (!runsAsRoot()) return undefined;
  return owner === undefined || owner.uid === 0 ? findServerAccount() : owner;
}

async function ownerOf(directory: string): Promise<ServerAccount | undefined> {
  try {
    const { uid, gid } = await stat(directory);
    return { uid, gid };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function assertReachable(parent: string, account: ServerAccount | undefined): Promise<void> {
  if (account === undefined || (await canEnter(parent, account))) return;
  throw new ClusterUnreachableError(
    `User ${account.uid}, who runs PostgreSQL, cannot enter ${parent}. Allow it (chmod o+x, also above), or set DATA_DIR.`,
  );
}

/** Asked of the account itself, since access lists and network disks have their own ideas. */
async function canEnter(directory: string, account: ServerAccount): Promise<boolean> {
  const { code } = await runProgram('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { account });
  return code === 0;
}
