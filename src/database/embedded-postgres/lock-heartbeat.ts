import { stat, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../error-code.js';
import { type EmbeddedPostgresLog } from './log.js';

const BEAT_MS = 3_000;
/** Four beats: a gateway that does nothing for so long while another container starts on its directory loses it. */
const STALE_MS = 12_000;
const LOOK_MS = 250;

/**
 * Shows, by the lock file's time, that its owner lives.
 *
 * @returns a function that stops it
 */
export function startHeartbeat(file: string, log: EmbeddedPostgresLog): () => void {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch((error: unknown) => {
      log.error(`the lock ${file} cannot be kept: ${String(error)}`);
    });
  }, BEAT_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/**
 * Judges an owner whose process cannot be seen from here: another container, or an earlier boot.
 *
 * @returns at once for a lock that was not touched for 12 s; else when it is touched again, or has become that old
 */
export async function isForeignOwnerAlive(file: string, log: EmbeddedPostgresLog): Promise<boolean> {
  const first = await touchedAt(file);
  if (first === undefined) return false;
  // Counted from now as well, so that a clock that was set back does not make a dead owner live for ever.
  const waitMs = Math.min(first + STALE_MS - Date.now(), STALE_MS);
  if (waitMs > 0) log.info(`waiting to see whether the owner of ${file}, in another container, still lives`);
  const until = performance.now() + waitMs;
  while (performance.now() < until) {
    await sleep(LOOK_MS);
    const latest = await touchedAt(file);
    if (latest !== first) return latest !== undefined;
  }
  return false;
}

async function touchedAt(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
