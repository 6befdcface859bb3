import type { SendOutcome } from '../notifiers/notifier.js';
import { attemptEnds, type EndedSend } from './attempt-ends.js';
import type { DueDelivery } from './sql/take-due.js';

const STARTED = new Date('2026-11-24T12:00:00.000Z');
const FINISHED = new Date('2026-11-24T12:00:02.000Z');
const LANDS_WITHIN_MS = 12_800;
const later = (ms: number): Date => new Date(FINISHED.getTime() + ms);

const sent: SendOutcome = { outcome: 'sent', messageId: 42, httpStatus: 200, response: 'ok' };
const broken: SendOutcome = { outcome: 'retry', reason: 'server_error', inDoubt: false, httpStatus: 500 };
const silent: SendOutcome = { outcome: 'retry', reason: 'timeout', inDoubt: true };
const refused: SendOutcome = { outcome: 'rejected', reason: 'invalid', httpStatus: 400 };

/** @param attempts that each of the message's deliveries has behind it */
function send(outcome: SendOutcome, attempts: readonly number[] = [0], rest: Partial<EndedSend> = {}): EndedSend {
  return {
    deliveries: attempts.map((made, index) => ({
      attemptId: `attempt ${index}`,
      delivery: { id: `delivery ${index}`, attempts: made } as unknown as DueDelivery,
    })),
    startedAt: STARTED,
    finishedAt: FINISHED,
    outcome,
    schedule: [5, 30],
    random: 0,
    isHeld: false,
    canLookUp: true,
    landsWithinMs: LANDS_WITHIN_MS,
    topic: null,
    ...rest,
  };
}

describe('attemptEnds', () => {
  it('gives every delivery of a message its own row and the shared message id', () => {
    const ends = attemptEnds(send(sent, [0, 3]));
    const shared = { state: 'delivered', messageId: 42, costsAttempt: true, finishedAt: FINISHED, durationMs: 2_000 };
    expect(ends).toMatchObject([
      { ...shared, id: 'attempt 0', deliveryId: 'delivery 0' },
      { ...shared, id: 'attempt 1', deliveryId: 'delivery 1' },
    ]);
  });

  it.each<[string, string | undefined, string | null]>([
    ['Zulip’s msg', '{"result": "error", "msg": "Channel does not exist"}', 'Channel does not exist'],
    ['a problem’s detail', '{"title": "Bad Request", "detail": "No such ticket"}', 'No such ticket'],
    ['what is no JSON, as it is', ' <h1>No</h1>\n', '<h1>No</h1>'],
    ['JSON that says nothing, as it is', '[1]', '[1]'],
    ['a long text, cut between characters', '𝄞'.repeat(501), '𝄞'.repeat(500)],
    ['nothing', '', null],
    ['no answer', undefined, null],
  ])('says why a delivery is dead in the receiver’s words: %s', (_story, response, detail) => {
    const answer = response === undefined ? {} : { response };
    expect(attemptEnds(send({ ...refused, ...answer }))).toMatchObject([{ state: 'dead', detail }]);
    expect(attemptEnds(send({ ...broken, ...answer }))).toMatchObject([{ state: 'pending', detail: null }]);
  });

  it('retries what travelled together at one time, the latest', () => {
    const ends = attemptEnds(send(broken, [0, 1]));
    expect(ends.map((end) => end.nextAttemptAt)).toEqual([later(30_000), later(30_000)]);
  });

  it('ends the one whose schedule is over, and retries the other', () => {
    const ends = attemptEnds(send(broken, [2, 0]));
    expect(ends).toMatchObject([
      { state: 'dead', nextAttemptAt: null, finishedAt: FINISHED },
      { state: 'pending', nextAttemptAt: later(5_000), finishedAt: null },
    ]);
  });

  it('splits a joined message that is rejected, at no cost', () => {
    const split = { state: 'pending', sendAlone: true, costsAttempt: false, nextAttemptAt: FINISHED };
    expect(attemptEnds(send(refused, [0, 2]))).toMatchObject([split, split]);
    expect(attemptEnds(send(refused))).toMatchObject([{ state: 'dead', sendAlone: false, costsAttempt: true }]);
  });

  it('asks for what is in doubt when it can no longer land', () => {
    const [end] = attemptEnds(send(silent));
    const nextAttemptAt = new Date(STARTED.getTime() + LANDS_WITHIN_MS);
    expect(end).toMatchObject({ state: 'pending', inDoubt: true, isToLookUp: true, costsAttempt: true, nextAttemptAt });
  });

  it('asks no earlier than the schedule says', () => {
    expect(attemptEnds(send(silent, [1]))).toMatchObject([{ isToLookUp: true, nextAttemptAt: later(30_000) }]);
  });

  it('asks also when the schedule has ended: it may have arrived', () => {
    expect(attemptEnds(send(silent, [2]))).toMatchObject([{ state: 'pending', isToLookUp: true, costsAttempt: true }]);
  });

  it('follows the schedule where nobody can be asked', () => {
    const ends = attemptEnds(send(silent, [0], { canLookUp: false }));
    expect(ends).toMatchObject([{ inDoubt: true, isToLookUp: false, nextAttemptAt: later(5_000) }]);
    expect(attemptEnds(send(silent, [2], { canLookUp: false }))).toMatchObject([{ state: 'dead' }]);
  });

  it('costs nothing while a pause holds it, in doubt or not, also after the whole schedule', () => {
    const free = { state: 'pending', costsAttempt: false };
    expect(attemptEnds(send(broken, [2], { isHeld: true }))).toMatchObject([{ ...free, nextAttemptAt: FINISHED }]);
    expect(attemptEnds(send(silent, [2], { isHeld: true }))).toMatchObject([{ ...free, isToLookUp: true }]);
  });
});
