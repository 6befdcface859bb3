import type { SendOutcome } from '../notifiers/notifier.js';
import { decide, DEFAULT_RETRY_SCHEDULE_SECONDS } from './retry-policy.js';

const SCHEDULE = [5, 30];
const failure: SendOutcome = { outcome: 'retry', reason: 'server_error', inDoubt: false };

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
      'a rate limit, in fractions of a second, which costs no attempt and pauses the destination',
      { outcome: 'retry', reason: 'rate_limited', inDoubt: false, retryAfterSeconds: 2.5 },
      3,
      0.9,
      { state: 'pending', waitMs: 2_500, costsAttempt: false, pauseDestination: true },
    ],
    [
      'a rate limit without a time',
      { outcome: 'retry', reason: 'rate_limited', inDoubt: false },
      1,
      0,
      { state: 'pending', waitMs: 5_000, costsAttempt: false, pauseDestination: true },
    ],
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
  return { state: 'pending', waitMs, costsAttempt: true, pauseDestination: false };
}
