import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.js';
import { ClusterRecordError, ClusterUnreachableError } from './errors.js';
import { runsAsRoot } from './server-account.js';

/** What outlasts a run: where the embedded server's files are, and how to log in. Exists only for a complete cluster. */
export interface ClusterRecord {
  /** Only where it is not `postgres` in DATA_DIR, so that a DATA_DIR may be moved or copied. */
  directory?: string;
  port: number;
  user: string;
  password: string;
}

/** @returns the file in `dataDir`, which only its owner may read */
export function clusterRecordFile(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}

/**
 * @returns undefined when there is none yet
 * @throws ClusterRecordError when it is damaged; ClusterUnreachableError when it belongs to another user
 */
export async function readClusterRecord(dataDir: string): Promise<ClusterRecord | undefined> {
  const file = clusterRecordFile(dataDir);
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (isClusterRecord(parsed)) return parsed;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    if (errorCode(error) === 'EACCES') {
      throw new ClusterUnreachableError(`${file} belongs to another user: was the gateway once run as root?`, error);
    }
    throw new ClusterRecordError(file, error);
  }
  throw new ClusterRecordError(file);
}

/**
 * Replaces the record as a whole, written through to the disk. It belongs to the owner of `dataDir`, so that one start by
 * root does not lock out the user whose directory it is.
 */
export async function writeClusterRecord(dataDir: string, record: ClusterRecord): Promise<void> {
  const file = clusterRecordFile(dataDir);
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(record, undefined, 2)}\n`);
    if (runsAsRoot()) {
      const { uid, gid } = await stat(dataDir);
      await handle.chown(uid, gid);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

function isClusterRecord(value: unknown): value is ClusterRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record: Partial<Record<keyof ClusterRecord, unknown>> = value;
  const texts = [record.directory ?? '', record.user, record.password];
  return texts.every((text) => typeof text === 'string') && typeof record.port === 'number';
}
