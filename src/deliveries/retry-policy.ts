import type { FailureReason, SendOutcome } from '../notifiers/notifier.js';

/**
 * The waits after each failure, in seconds: the schedule that Standard Webhooks recommends
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), with two short waits first.
 */
export const DEFAULT_RETRY_SCHEDULE_SECONDS: readonly number[] = [
  5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 50_400,
];

/** Jitter only lengthens a wait, by at most this share, so that a receiver's own wish is never undercut. */
const LARGEST_JITTER = 0.2;

/** What becomes of a delivery after an attempt. */
export type Decision =
  | { state: 'delivered' }
  | { state: 'dead' }
  /** `waitMs` from the attempt's end. Whatever else holds it up (a pause, the account's rate) is not in it. */
  | { state: 'pending'; waitMs: number; costsAttempt: boolean };

/** What pauses the destination or a channel of it, or its account's rate, rather than burn the attempts of deliveries. */
const COSTS_NOTHING: readonly FailureReason[] = ['rate_limited', 'auth', 'not_found'];

/**
 * Decides by what the attempt came to and how many attempts there were, this one included. What the receiver rejected is
 * dead at once; what is wrong with the account or the channel costs nothing; the rest is retried until the schedule ends.
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
  if (COSTS_NOTHING.includes(outcome.reason)) {
    return { state: 'pending', waitMs: (outcome.retryAfterSeconds ?? 0) * 1_000, costsAttempt: false };
  }
  const wait = schedule[attemptsMade - 1];
  if (wait === undefined) return { state: 'dead' };
  const seconds = Math.max(wait * (1 + random * LARGEST_JITTER), outcome.retryAfterSeconds ?? 0);
  return { state: 'pending', waitMs: seconds * 1_000, costsAttempt: true };
}
