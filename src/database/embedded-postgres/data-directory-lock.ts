import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.js';
import { EmbeddedPostgresError } from './errors.js';
import { isForeignOwnerAlive, startHeartbeat } from './lock-heartbeat.js';
import { type EmbeddedPostgresLog } from './log.js';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.js';

const LOCK_FILE = 'gateway.lock';
const NOBODY = 0;

interface LockOwner extends ProcessIdentity {
  /** One acquisition, told apart from all others. */
  token: string;
}

/** Another live gateway uses the directory; nothing of its was touched. */
export class DataDirectoryInUseError extends EmbeddedPostgresError {
  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    super(`The data directory ${directory} is in use by another gateway, process ${pid}. Stop it, or set DATA_DIR.`);
    this.name = 'DataDirectoryInUseError';
  }
}

/** Who wants the lock of which directory. */
interface Claim {
  owner: LockOwner;
  directory: string;
  log: EmbeddedPostgresLog;
}

export interface DataDirectoryLock {
  release(): Promise<void>;
}

/**
 * Takes the directory for this process, or refuses at once. A lock whose owner is dead is taken over; of several that
 * try, one wins. An owner in another container that shares the directory is known by its heartbeat, since its process
 * cannot be seen: after the sudden end of such a one, taking over waits until the heartbeat is 12 s old.
 *
 * @throws DataDirectoryInUseError when a live process holds it, this one included
 */
export async function lockDataDirectory(directory: string, log: EmbeddedPostgresLog): Promise<DataDirectoryLock> {
  const file = join(directory, LOCK_FILE);
  const owner: LockOwner = { ...(await ownIdentity()), token: randomUUID() };
  await acquire(file, { owner, directory, log });
  const stopHeartbeat = startHeartbeat(file, log);
  return {
    async release() {
      stopHeartbeat();
      if ((await readOwner(file))?.token === owner.token) await rm(file);
    },
  };
}

/**
 * link(2) makes the file with its content in one step, or fails. To replace a dead owner's file without a gap in which
 * two could do so, the right to follow that very owner is itself a lock, named for the owner's token: whoever holds it
 * looks again, and replaces the file only if it is still the same. (Node has no flock(2).)
 */
async function acquire(file: string, claim: Claim): Promise<void> {
  const draft = `${file}.${claim.owner.token}.new`;
  for (;;) {
    await writeFile(draft, JSON.stringify(claim.owner), { mode: 0o600 });
    try {
      if (await linked(draft, file)) return;
      const holder = await readOwner(file);
      if (holder === undefined) continue;
      if (await isAlive(holder, file, claim)) throw new DataDirectoryInUseError(claim.directory, holder.pid);
      if (await follow(holder, file, draft, claim)) return;
    } finally {
      await rm(draft, { force: true });
    }
  }
}

async function follow(dead: LockOwner, file: string, draft: string, claim: Claim): Promise<boolean> {
  const right = `${file}.after-${dead.token}`;
  await acquire(right, { ...claim, owner: { ...claim.owner, token: randomUUID() } });
  try {
    if ((await readOwner(file))?.token !== dead.token) return false;
    await rename(draft, file);
    return true;
  } finally {
    await rm(right);
  }
}

async function linked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function isAlive(holder: LockOwner, file: string, { owner, log }: Claim): Promise<boolean> {
  if (holder.pid === NOBODY) return false;
  return holder.space === owner.space ? isRunning(holder) : isForeignOwnerAlive(file, log);
}

/** @returns undefined when the file is gone */
async function readOwner(file: string): Promise<LockOwner | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  return parseOwner(text);
}

/** A file is linked only when it is whole, so what is not whole was spoilt by a power cut: its owner is dead. */
function parseOwner(text: string): LockOwner {
  const nobody = { pid: NOBODY, startedAt: '', space: '', token: 'unreadable' };
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...nobody, ...parsed } : nobody;
  } catch {
    return nobody;
  }
}
