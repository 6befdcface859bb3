import type { TopicKeeper } from '../notifier.js';
import { archiveOf, queryOf } from '../testing/message-archive.js';
import { ScriptedServer } from '../testing/scripted-server.js';
import { makeZulipNotifier, zulipDestination, type ZulipUnderTest } from '../testing/zulip-under-test.js';

const LIMIT_MS = 20_000;
const SUCCESS = '{"result":"success","msg":""}';
const error = (code: string, rest: object = {}): string => JSON.stringify({ result: 'error', msg: 'x', code, ...rest });

let underTest: ZulipUnderTest;
let topics: TopicKeeper;
let server: ScriptedServer;

beforeAll(() => {
  underTest = makeZulipNotifier();
  ({ topics } = underTest.notifier);
});
afterAll(() => underTest.close());
beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(() => server.stop());

const paths = (): string[] => server.received.map(({ method, path }) => `${method} ${path.split('?')[0] ?? ''}`);

describe('finding a message', () => {
  const find = (): ReturnType<TopicKeeper['find']> => topics.find(42, zulipDestination(server.url), LIMIT_MS);
  /** The list does not hold the message; this is what comes when it is asked for by itself. */
  const answerAlone = (status: number, body: string): void => {
    const empty = archiveOf([]);
    server.answerBy((response, request) => {
      if (request.path.startsWith('/api/v1/messages?')) empty(response, request);
      else response.writeHead(status).end(body);
    });
  };

  it('asks for it alone, and says where it stands', async () => {
    const headers = { 'x-ratelimit-limit': '200', 'x-ratelimit-remaining': '7' };
    server.answerBy(archiveOf([{ id: 41 }, { id: 42, subject: '✔ #9 Renamed' }, { id: 43 }], headers));
    expect(await find()).toEqual({
      outcome: 'found',
      topic: '✔ #9 Renamed',
      httpStatus: 200,
      rate: { limit: 200, remaining: 7 },
    });
    expect(paths()).toEqual(['GET /api/v1/messages']);
    expect(queryOf(server.lastRequest)).toEqual({
      anchor: '42',
      include_anchor: 'true',
      num_before: '0',
      num_after: '0',
      apply_markdown: 'false',
    });
  });

  it('finds what was sent to a channel without being subscribed to it', async () => {
    answerAlone(200, '{"result":"success","msg":"","raw_content":"x","message":{"id":42,"subject":"#9 Test"}}');
    expect(await find()).toEqual({ outcome: 'found', topic: '#9 Test', httpStatus: 200 });
    expect(paths()).toEqual(['GET /api/v1/messages', 'GET /api/v1/messages/42']);
  });

  it('is gone where the server has no such message for this bot', async () => {
    answerAlone(400, error('BAD_REQUEST'));
    expect(await find()).toEqual({ outcome: 'gone', httpStatus: 400, response: error('BAD_REQUEST') });
  });

  it('may not know where a server before Zulip 5 does not tell', async () => {
    answerAlone(200, '{"result":"success","msg":"","raw_content":"x"}');
    expect(await find()).toEqual({ outcome: 'not_allowed', httpStatus: 200 });
  });

  it.each([
    [401, error('UNAUTHORIZED'), { outcome: 'not_allowed' }],
    [403, '<html>', { outcome: 'retry', reason: 'auth' }],
    [429, error('RATE_LIMIT_HIT', { 'retry-after': 2.5 }), { reason: 'rate_limited', retryAfterSeconds: 2.5 }],
    [502, '<html>', { outcome: 'retry', reason: 'server_error', inDoubt: false }],
    [200, '<html>', { outcome: 'retry', reason: 'unreadable_answer', inDoubt: false }],
    [200, SUCCESS, { outcome: 'retry', reason: 'unreadable_answer', inDoubt: false }],
  ])('does not take %d %s for gone', async (status, body, outcome) => {
    server.answer(status, body);
    expect(await find()).toMatchObject(outcome);
  });

  it.each([
    [401, error('UNAUTHORIZED'), 'not_allowed'],
    [404, '<html>', 'retry'],
    [500, '<html>', 'retry'],
    [200, '{"result":"success","message":{}}', 'retry'],
  ])('does not take %d %s for gone when it asks for the message alone', async (status, body, outcome) => {
    answerAlone(status, body);
    expect(await find()).toMatchObject({ outcome });
  });
});

describe('resolving a topic', () => {
  const set = (topic: string, resolved: boolean, apiKey = 'key'): ReturnType<TopicKeeper['setResolved']> =>
    topics.setResolved(42, topic, resolved, zulipDestination(server.url, apiKey), LIMIT_MS);

  it.each([
    ['#9 Test', true, '✔ #9 Test'],
    ['✔ #9 Test', false, '#9 Test'],
    ['✔ ✔ #9 Test', false, '#9 Test'],
  ])('renames the whole topic without telling anybody: %s, resolved: %s', async (topic, resolved, name) => {
    server.answer(200, SUCCESS);
    expect(await set(topic, resolved)).toEqual({ outcome: 'done', topic: name, httpStatus: 200, response: SUCCESS });
    expect(paths()).toEqual(['PATCH /api/v1/messages/42']);
    expect(Object.fromEntries(new URLSearchParams(server.lastRequest.body))).toEqual({
      topic: name,
      propagate_mode: 'change_all',
      send_notification_to_old_thread: 'false',
      send_notification_to_new_thread: 'false',
    });
  });

  it.each([
    ['✔ #9 Test', true],
    ['#9 Test', false],
  ])('has nothing to do with %s, resolved: %s', async (topic, resolved) => {
    expect(await set(topic, resolved)).toEqual({ outcome: 'done', topic });
    expect(server.received).toHaveLength(0);
  });

  it('does not let Zulip cut a name, nor leave none', async () => {
    server.answer(200, SUCCESS);
    expect(await set('😀'.repeat(58), true)).toMatchObject({ outcome: 'done' });
    expect(await set('😀'.repeat(59), true)).toMatchObject({ outcome: 'rejected', reason: 'invalid' });
    expect(await set('✔ ', false)).toMatchObject({ outcome: 'rejected', reason: 'invalid' });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    [400, error('BAD_REQUEST'), 'invalid'],
    [400, error('MOVE_MESSAGES_TIME_LIMIT_EXCEEDED', { first_message_id_allowed_to_move: 50 }), 'invalid'],
    [401, error('UNAUTHORIZED'), 'auth'],
    [403, '<html>', 'auth'],
    [404, '<html>', 'not_found'],
  ])('is rejected by %d %s', async (status, body, reason) => {
    server.answer(status, body);
    expect(await set('a', true)).toEqual({ outcome: 'rejected', reason, httpStatus: status, response: body });
  });

  it.each([
    [429, error('RATE_LIMIT_HIT', { 'retry-after': 2.5 }), 'rate_limited', false],
    [408, '', 'timeout', true],
    [500, error('INTERNAL_SERVER_ERROR'), 'server_error', false],
    [502, '<html>', 'server_error', true],
    [200, '<html>', 'unreadable_answer', true],
    [302, '', 'redirected', true],
  ])('may be tried again after %d %s', async (status, body, reason, inDoubt) => {
    server.answer(status, body);
    expect(await set('a', true)).toMatchObject({ outcome: 'retry', reason, inDoubt });
  });

  it('tells no key', async () => {
    server.answer(400, error('BAD_REQUEST', { key: 'S3cr3t' }));
    expect(JSON.stringify(await set('a', true, 'S3cr3t'))).not.toContain('S3cr3t');
  });
});
