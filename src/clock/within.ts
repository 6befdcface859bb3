import type { Clock } from './clock.js';

/**
 * Waits for work, but not for long: what is not done by then goes on by itself.
 *
 * @returns whether it was done in time
 * @throws what the work throws, while it is waited for
 */
export async function within(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  let cancel = (): void => undefined;
  const isLate = new Promise<boolean>((resolve) => {
    cancel = clock.after(limitMs, () => {
      resolve(false);
    });
  });
  try {
    return await Promise.race([work.then(() => true), isLate]);
  } finally {
    cancel();
  }
}
