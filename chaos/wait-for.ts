import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/**
 * Looks again and again until something is so.
 *
 * @returns whether it was within the limit
 * @throws when `signal` ends the run
 */
export async function waitFor(
  isSo: () => Promise<boolean> | boolean,
  limitMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const until = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > until) return false;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  return true;
}
