import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.js';

/** What a running server writes into its data directory; see PostgreSQL's src/include/utils/pidfile.h. */
export interface PostmasterPid {
  pid: number;
  /** It takes connections. */
  ready: boolean;
}

const STATUS_LINE = 7;

/** @returns undefined when there is no file, or it is just being written */
export async function readPostmasterPid(directory: string): Promise<PostmasterPid | undefined> {
  const lines = (await readLines(directory)) ?? [];
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, ready: lines[STATUS_LINE]?.trim() === 'ready' };
}

/**
 * Lets a new server pass a file left by a dead one whose number now belongs to another process, which must not be
 * harmed, or is still held by the dead one as a zombie. A server takes its parent's number for stale, but goes on to look for the old one's shared memory (the check
 * that guards against its surviving children): so our own number is put in, rather than the file removed.
 */
export async function disownPostmasterPid(directory: string): Promise<void> {
  const lines = await readLines(directory);
  if (lines === undefined) return;
  await writeFile(join(directory, 'postmaster.pid'), [`${process.pid}`, ...lines.slice(1)].join('\n'), { flag: 'r+' });
}

async function readLines(directory: string): Promise<string[] | undefined> {
  try {
    return (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
