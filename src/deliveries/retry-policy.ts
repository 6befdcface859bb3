import type { SendOutcome } from '../notifiers/notifier.js';

/**
 * The waits after each failure, in seconds: the schedule that Standard Webhooks recommends
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), with two short waits first.
 */
export const DEFAULT_RETRY_SCHEDULE_SECONDS: readonly number[] = [
  5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 50_400,
];

/** Jitter only lengthens a wait, by at most this share, so that a receiver's own wish is never undercut. */
const LARGEST_JITTER = 0.2;
/** Where a receiver that limits us does not say how long. */
const DEFAULT_RATE_LIMIT_WAIT_SECONDS = 5;

/** What becomes of a delivery after an attempt. */
export type Decision =
  | { state: 'delivered' }
  | { state: 'dead' }
  /** `pauseDestination`: the receiver limits the whole bot, so nothing else is sent to it before then either. */
  | { state: 'pending'; waitMs: number; costsAttempt: boolean; pauseDestination: boolean };

/**
 * Decides by what the attempt came to and how many attempts there were, this one included. A 429 costs no attempt and
 * pauses the destination; what the receiver rejected is dead at once; the rest is retried until the schedule ends.
 *
 * @param random 0 ≤ random < 1, for jitter
 */
export function decide(
  outcome: SendOutcome,
  attemptsMade: number,
  schedule: readonly number[],
  random: number,
): Decision {
  if (outcome.outcome === 'sent') return { state: 'delivered' };
  if (outcome.outcome === 'rejected') return { state: 'dead' };
  if (outcome.reason === 'rate_limited') {
    const waitMs = (outcome.retryAfterSeconds ?? DEFAULT_RATE_LIMIT_WAIT_SECONDS) * 1_000;
    return { state: 'pending', waitMs, costsAttempt: false, pauseDestination: true };
  }
  const wait = schedule[attemptsMade - 1];
  if (wait === undefined) return { state: 'dead' };
  const seconds = Math.max(wait * (1 + random * LARGEST_JITTER), outcome.retryAfterSeconds ?? 0);
  return { state: 'pending', waitMs: seconds * 1_000, costsAttempt: true, pauseDestination: false };
}
