import type { ZulipExchange } from './zulip-exchange.js';
import { sendOutcome } from './zulip-outcome.js';

const shown = (text: string): string => `shown ${text}`;
const answer = (status: number, body: unknown, retryAfter?: string): ZulipExchange => ({
  kind: 'answer',
  status,
  ...(retryAfter !== undefined && { retryAfter }),
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const error = (code: string, rest: object = {}): object => ({ result: 'error', msg: 'Fehler', code, ...rest });

describe('sendOutcome', () => {
  it('of a success is the id of the message', () => {
    expect(sendOutcome(answer(200, '{"result":"success","msg":"","id":42}'), shown)).toEqual({
      outcome: 'sent',
      messageId: 42,
      httpStatus: 200,
      response: 'shown {"result":"success","msg":"","id":42}',
    });
  });

  it.each<[string, ZulipExchange, string, boolean, number?]>([
    ['a success without an id', answer(200, { result: 'success' }), 'unreadable_answer', true],
    ['an id that is none', answer(200, { result: 'success', id: '42' }), 'unreadable_answer', true],
    ['an id without a success', answer(200, { id: 42 }), 'unreadable_answer', true],
    ['an error that calls itself 200', answer(200, error('BAD_REQUEST')), 'unreadable_answer', true],
    ['a page', answer(200, '<html>'), 'unreadable_answer', true],
    ['null', answer(200, 'null'), 'unreadable_answer', true],
    ['204', answer(204, ''), 'unreadable_answer', true],
    ['a limit', answer(429, error('RATE_LIMIT_HIT', { 'retry-after': 1.25 }), '9'), 'rate_limited', false, 1.25],
    ['a limit, by header', answer(429, error('RATE_LIMIT_HIT'), '2.5'), 'rate_limited', false, 2.5],
    ['a limit, by a proxy', answer(429, 'slow down', '7'), 'rate_limited', true, 7],
    ['a limit, without a time', answer(429, error('RATE_LIMIT_HIT')), 'rate_limited', false],
    [
      'a limit, with a date',
      answer(429, error('RATE_LIMIT_HIT'), 'Wed, 21 Oct 2026 07:28:00 GMT'),
      'rate_limited',
      false,
    ],
    [
      'a limit of less than no time',
      answer(429, error('RATE_LIMIT_HIT', { 'retry-after': -1 })),
      'rate_limited',
      false,
    ],
    ['a limit of ages', answer(429, error('RATE_LIMIT_HIT', { 'retry-after': 1e9 })), 'rate_limited', false, 3_600],
    ['a limit with another status', answer(400, error('RATE_LIMIT_HIT')), 'rate_limited', false],
    ['a wrong key', answer(401, error('UNAUTHORIZED')), 'auth', false],
    ['a wrong key, by a proxy', answer(401, 'no'), 'auth', true],
    ['a deactivated realm', answer(403, error('REALM_DEACTIVATED')), 'auth', false],
    ['a missing channel', answer(400, error('STREAM_DOES_NOT_EXIST', { stream: 'x' })), 'not_found', false],
    ['a server that is not Zulip', answer(404, '<html>'), 'not_found', true],
    ['a time-out of the server', answer(408, ''), 'timeout', true],
    ['a redirect', answer(301, ''), 'redirected', true],
    ['a redirect that keeps the method', answer(308, '<html>'), 'redirected', true],
    ['a failure of Zulip', answer(500, error('INTERNAL_SERVER_ERROR')), 'server_error', false],
    ['a failure before Zulip', answer(502, '<html>'), 'server_error', true],
    ['a server that is busy', answer(503, '', '30'), 'server_error', true, 30],
    ['a gateway that waited', answer(504, ''), 'server_error', true],
  ])('of %s is another try', (...[, exchange, reason, inDoubt, retryAfterSeconds]) => {
    const outcome = sendOutcome(exchange, shown);
    expect(outcome).toEqual({
      outcome: 'retry',
      reason,
      inDoubt,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      httpStatus: exchange.kind === 'answer' ? exchange.status : 0,
      response: expect.stringMatching(/^shown /) as string,
    });
  });

  it.each<[number, unknown, string]>([
    [400, error('BAD_REQUEST'), 'invalid'],
    [400, error('STREAM_WILDCARD_MENTION_NOT_ALLOWED'), 'invalid'],
    [400, error('TOPIC_WILDCARD_MENTION_NOT_ALLOWED'), 'invalid'],
    [400, error('constructor'), 'invalid'],
    [400, 'rubbish', 'invalid'],
    [405, error('METHOD_NOT_ALLOWED'), 'invalid'],
    [418, '', 'invalid'],
    [413, '<html>', 'too_large'],
  ])('of %d %j is a rejection', (status, body, reason) => {
    expect(sendOutcome(answer(status, body), shown)).toMatchObject({
      outcome: 'rejected',
      reason,
      httpStatus: status,
    });
  });

  it('tells the rate, however the request ended', () => {
    const rate = { limit: 200, remaining: 0 };
    for (const [status, body] of [
      [200, { result: 'success', id: 1 }],
      [429, error('RATE_LIMIT_HIT')],
      [400, error('BAD_REQUEST')],
    ] as const) {
      expect(sendOutcome({ ...answer(status, body), rate } as ZulipExchange, shown)).toMatchObject({ rate });
    }
  });

  it.each([
    ['timeout', true],
    ['network', true],
    ['network', false],
  ] as const)('of a fault (%s, connected: %s) is another try', (fault, connected) => {
    expect(sendOutcome({ kind: 'fault', fault, connected, detail: 'why' }, shown)).toEqual({
      outcome: 'retry',
      reason: fault,
      inDoubt: connected,
      response: 'shown why',
    });
  });
});
