import type { SendOutcome } from '../notifiers/notifier.js';
import { decide, DEFAULT_RETRY_SCHEDULE_SECONDS } from './retry-policy.js';

const SCHEDULE = [5, 30];
const failure: SendOutcome = { outcome: 'retry', reason: 'server_error', inDoubt: false };

/** Back at once, at no cost: what it waits for is not its own. */
const free = { state: 'pending', waitMs: 0, costsAttempt: false } as const;

describe('decide', () => {
  it.each<[string, SendOutcome, number, number, ReturnType<typeof decide>]>([
    ['a message that was taken', { outcome: 'sent', messageId: 42 }, 1, 0, { state: 'delivered' }],
    ['a rejection, however early', { outcome: 'rejected', reason: 'invalid' }, 1, 0, { state: 'dead' }],
    ['the first failure', failure, 1, 0, waits(5_000)],
    ['the second failure', failure, 2, 0, waits(30_000)],
    ['the failure after the last wait', failure, 3, 0, { state: 'dead' }],
    ['jitter, which only lengthens', failure, 1, 0.5, waits(5_500)],
    ['a receiver that asks for more time', { ...failure, retryAfterSeconds: 60 }, 1, 0, waits(60_000)],
    ['a receiver that asks for less time', { ...failure, retryAfterSeconds: 1 }, 1, 0, waits(5_000)],
    [
      "a rate limit, which is the account's",
      { ...failure, reason: 'rate_limited', retryAfterSeconds: 2.5 },
      3,
      0.9,
      { ...free, waitMs: 2_500 },
    ],
    ['a refused account', { ...failure, reason: 'auth' }, 3, 0.9, free],
    ['a missing channel', { ...failure, reason: 'not_found' }, 3, 0.9, free],
  ])('%s', (_story, outcome, attemptsMade, random, expected) => {
    expect(decide(outcome, attemptsMade, SCHEDULE, random)).toEqual(expected);
  });

  it('tries ten times by default, over about 33 hours', () => {
    const waits = DEFAULT_RETRY_SCHEDULE_SECONDS.length;
    expect(decide(failure, waits, DEFAULT_RETRY_SCHEDULE_SECONDS, 0).state).toBe('pending');
    expect(decide(failure, waits + 1, DEFAULT_RETRY_SCHEDULE_SECONDS, 0).state).toBe('dead');
    expect(waits + 1).toBe(10);
  });
});

function waits(waitMs: number): ReturnType<typeof decide> {
  return { state: 'pending', waitMs, costsAttempt: true };
}
