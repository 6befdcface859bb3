import { attemptEnds } from '../../src/deliveries/attempt-ends.js';
import { Circuit } from '../../src/deliveries/circuit.js';
import type { DueDelivery } from '../../src/deliveries/sql/take-due.js';
import type { SendOutcome } from '../../src/notifiers/notifier.js';
import type { ZulipExchange } from '../../src/notifiers/zulip/zulip-exchange.js';
import { sendOutcome } from '../../src/notifiers/zulip/zulip-outcome.js';

const STARTED = new Date('2026-11-24T12:00:00.000Z');
const FINISHED = new Date('2026-11-24T12:00:01.000Z');
const LANDS_WITHIN_MS = 12_800;
const SCHEDULE = [5, 30];
/** From the end of an attempt until one that began a second before can no longer land. */
const LANDED = LANDS_WITHIN_MS - 1_000;

const json = (code: string, rest: object = {}): string =>
  JSON.stringify({ result: 'error', msg: 'Fehler', code, ...rest });
const taken = '{"result":"success","msg":"","id":42}';
const page = '<html>';

const answer = (status: number, body: string, retryAfter?: string): ZulipExchange => ({
  kind: 'answer',
  status,
  body,
  ...(retryAfter !== undefined && { retryAfter }),
});

/** What is recorded of a delivery that had `attempts` before. `wait`: milliseconds until it is taken up again. */
interface End {
  state: string;
  reason: string | null;
  costs: boolean;
  wait: number | null;
  inDoubt: boolean;
  asked: boolean;
}

function endOf(exchange: ZulipExchange, attempts: number): End {
  const outcome = sendOutcome(exchange, (text) => text);
  const delivery = { id: 'd', attempts } as unknown as DueDelivery;
  const [end] = attemptEnds({
    deliveries: [{ attemptId: 'a', delivery }],
    startedAt: STARTED,
    finishedAt: FINISHED,
    outcome,
    schedule: SCHEDULE,
    random: 0,
    isHeld: isHeld(outcome),
    canLookUp: true,
    landsWithinMs: LANDS_WITHIN_MS,
    topic: null,
  });
  if (!end) throw new Error('nothing is recorded');
  return {
    state: end.state,
    reason: end.reason,
    costs: end.costsAttempt,
    wait: end.nextAttemptAt && end.nextAttemptAt.getTime() - FINISHED.getTime(),
    inDoubt: end.inDoubt,
    asked: end.isToLookUp,
  };
}

/** As `ReceiverHealth` has it; the circuit, which takes several failures, is not open. */
function isHeld(outcome: SendOutcome): boolean {
  return (
    outcome.outcome === 'retry' && ['auth', 'not_found'].includes(outcome.reason) && !Circuit.concerns(outcome.reason)
  );
}

const delivered: End = { state: 'delivered', reason: null, costs: true, wait: null, inDoubt: false, asked: false };
const dead = (reason: string): End => ({
  state: 'dead',
  reason,
  costs: true,
  wait: null,
  inDoubt: false,
  asked: false,
});
const waits = (reason: string, wait = 5_000): End => ({ ...dead(reason), state: 'pending', wait });
const held = (reason: string): End => ({ ...waits(reason, 0), costs: false });
/** Looked up before anything else is done. */
const asks = (reason: string, wait = LANDED): End => ({ ...waits(reason, wait), inDoubt: true, asked: true });

describe('what an answer of Zulip makes of a delivery', () => {
  it.each<[string, ZulipExchange, End]>([
    ['200 with an id', answer(200, taken), delivered],
    ['200 without one', answer(200, '{"result":"success"}'), asks('unreadable_answer')],
    ['200 from a proxy', answer(200, page), asks('unreadable_answer')],
    ['302', answer(302, ''), asks('redirected')],
    ['400 BAD_REQUEST', answer(400, json('BAD_REQUEST')), dead('invalid')],
    ['400 STREAM_DOES_NOT_EXIST', answer(400, json('STREAM_DOES_NOT_EXIST')), held('not_found')],
    ['400 of a code that nobody knows', answer(400, json('NEW_IN_ZULIP_20')), dead('invalid')],
    ['401 UNAUTHORIZED', answer(401, json('UNAUTHORIZED')), held('auth')],
    ['401 from a proxy', answer(401, page), { ...asks('auth'), costs: false }],
    ['403 REALM_DEACTIVATED', answer(403, json('REALM_DEACTIVATED')), held('auth')],
    ['404 from a proxy', answer(404, page), { ...asks('not_found'), costs: false }],
    ['408', answer(408, ''), asks('timeout')],
    ['413', answer(413, page), dead('too_large')],
    ['429 with seconds in its body', answer(429, json('RATE_LIMIT_HIT', { 'retry-after': 1.25 })), free(1_250)],
    ['429 with seconds in its header', answer(429, json('RATE_LIMIT_HIT'), '0.5'), free(500)],
    ['429 without any', answer(429, json('RATE_LIMIT_HIT')), free(0)],
    ['429 from a proxy', answer(429, page, '20'), { ...asks('rate_limited', 20_000), costs: false }],
    ['500 INTERNAL_SERVER_ERROR', answer(500, json('INTERNAL_SERVER_ERROR')), waits('server_error')],
    ['502 from a proxy', answer(502, page), asks('server_error')],
    ['503 of Zulip, with a time', answer(503, json('X'), '60'), waits('server_error', 60_000)],
    ['503 from a proxy, with a time', answer(503, page, '60'), asks('server_error', 60_000)],
    ['504 from a proxy', answer(504, page), asks('server_error')],
    ['no connection', { kind: 'fault', fault: 'network', connected: false, detail: '' }, waits('network')],
    ['a connection that broke', { kind: 'fault', fault: 'network', connected: true, detail: '' }, asks('network')],
    ['no answer in time', { kind: 'fault', fault: 'timeout', connected: true, detail: '' }, asks('timeout')],
  ])('%s', (_story, exchange, expected) => {
    expect(endOf(exchange, 0)).toEqual(expected);
  });

  it.each<[string, ZulipExchange, End]>([
    ['500', answer(500, json('INTERNAL_SERVER_ERROR')), dead('server_error')],
    ['a 502, which is looked up first', answer(502, page), asks('server_error')],
    ['429', answer(429, json('RATE_LIMIT_HIT', { 'retry-after': 2 })), free(2_000)],
    ['401', answer(401, json('UNAUTHORIZED')), held('auth')],
    ['a missing channel', answer(400, json('STREAM_DOES_NOT_EXIST')), held('not_found')],
    ['200', answer(200, taken), delivered],
  ])('%s to the last attempt of the schedule', (_story, exchange, expected) => {
    expect(endOf(exchange, SCHEDULE.length)).toEqual(expected);
  });
});

function free(wait: number): End {
  return { ...waits('rate_limited', wait), costs: false };
}
