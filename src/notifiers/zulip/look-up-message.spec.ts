import { FakeClock } from '../../../test/support/fake-clock.js';
import type { Doubt, LookUpOutcome } from '../notifier.js';
import { archiveOf, type ArchivedMessage, queryOf } from '../testing/message-archive.js';
import { ScriptedServer } from '../testing/scripted-server.js';
import { makeZulipNotifier, zulipDestination, type ZulipUnderTest } from '../testing/zulip-under-test.js';
import { MESSAGES_A_PAGE, MOST_PAGES } from './look-up-message.js';

const STARTED_AT = new Date('2027-01-15T08:00:00.700Z');
const STARTED_SECOND = Math.floor(STARTED_AT.getTime() / 1_000);
/** Our clock, when the answer comes. */
const clock = new FakeClock(STARTED_AT.getTime() + 30_000);
const HOUR_S = 3_600;

let underTest: ZulipUnderTest;
let server: ScriptedServer;

beforeAll(() => {
  underTest = makeZulipNotifier(clock);
});
afterAll(() => underTest.close());
beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(() => server.stop());

function lookUp(traits: Partial<Doubt> = {}, content = 'Hello', channel = 'support'): Promise<LookUpOutcome> {
  const message = { channel, topic: '#9 Test Subject', content };
  const doubt = { message, startedAt: STARTED_AT, newerThan: 100, ...traits };
  return underTest.notifier.lookUp(doubt, zulipDestination(server.url, 'key', 'elsewhere'), 3_000);
}

async function idsIn(messages: ArchivedMessage[], traits: Partial<Doubt> = {}, content = 'Hello'): Promise<number[]> {
  server.answerBy(archiveOf(messages, { date: dateAfter(30) }));
  const outcome = await lookUp(traits, content);
  if (outcome.outcome !== 'looked') throw new Error(JSON.stringify(outcome));
  return outcome.messageIds;
}

/** @returns the server's time so many seconds after the attempt's start */
function dateAfter(seconds: number): string {
  return new Date(STARTED_AT.getTime() + seconds * 1_000).toUTCString();
}

describe('looking up a message', () => {
  it('asks as the bot for its messages in the channel, in whatever topic', async () => {
    server.answerBy(archiveOf([{ id: 101 }], { 'x-ratelimit-limit': '200', 'x-ratelimit-remaining': '7' }));
    expect(await lookUp()).toEqual({
      outcome: 'looked',
      messageIds: [101],
      elsewhere: new Map(),
      httpStatus: 200,
      rate: { limit: 200, remaining: 7 },
    });
    const { method, path, headers, body } = server.lastRequest;
    expect([method, path.split('?')[0], body]).toEqual(['GET', '/api/v1/messages', '']);
    expect(headers.authorization).toBe(`Basic ${Buffer.from('bot@example.com:key').toString('base64')}`);
    const { narrow, ...query } = queryOf(server.lastRequest);
    expect(query).toEqual({
      anchor: '100',
      include_anchor: 'false',
      num_before: '0',
      num_after: String(MESSAGES_A_PAGE),
      apply_markdown: 'false',
    });
    expect(JSON.parse(narrow ?? '')).toEqual([
      { operator: 'stream', operand: 'support' },
      { operator: 'sender', operand: 'bot@example.com' },
    ]);
  });

  it('names a channel by its id, and begins with the newest message where none is known', async () => {
    server.answerBy(archiveOf([]));
    await lookUp({ newerThan: null }, 'Hello', '42');
    const { narrow, anchor, num_before: numBefore, num_after: numAfter } = queryOf(server.lastRequest);
    expect(JSON.parse(narrow ?? '')).toContainEqual({ operator: 'stream', operand: 42 });
    expect([anchor, numBefore, numAfter]).toEqual(['newest', String(MESSAGES_A_PAGE), '0']);
  });

  it('compares contents as they are stored', async () => {
    const messages = [
      { id: 101, content: '  a\n\nb' },
      { id: 102, content: 'a\n\nb' },
    ];
    expect(await idsIn(messages, {}, '\n  a\n\nb \x1c\x85\xa0\n')).toEqual([101]);
  });

  it('finds two equal replies, the ones of the same topic first', async () => {
    const messages = [
      { id: 101, subject: 'Elsewhere' },
      { id: 102, subject: '✔ #9 test subject' },
      { id: 103, content: 'Hello!' },
      { id: 104 },
      { id: 105, subject: 'Moved' },
    ];
    expect(await idsIn(messages)).toEqual([102, 104, 101, 105]);
  });

  it('leaves out older messages and those of others, whatever the server lists', async () => {
    const messages = [
      { id: 99 },
      { id: 100 },
      { id: 101, sender_email: 'other@example.com' },
      { id: 102, sender_email: 'Bot@Example.com' },
    ];
    expect(await idsIn(messages)).toEqual([102]);
  });
});

describe('looking up a message without knowing an older one', () => {
  const messages = [
    { id: 1, timestamp: STARTED_SECOND - HOUR_S },
    { id: 2, timestamp: STARTED_SECOND - 3 },
    { id: 3, timestamp: STARTED_SECOND - 2 },
    { id: 4, timestamp: STARTED_SECOND },
    { id: 5, timestamp: STARTED_SECOND + 5 },
  ];

  it('goes by the time, give or take two seconds', async () => {
    expect(await idsIn(messages, { newerThan: null })).toEqual([3, 4, 5]);
  });

  it('goes by the clock of the server', async () => {
    const later = messages.map(({ id, timestamp }) => ({ id, timestamp: timestamp + HOUR_S }));
    server.answerBy(archiveOf(later, { date: dateAfter(HOUR_S + 30) }));
    expect(await lookUp({ newerThan: null })).toMatchObject({ messageIds: [3, 4, 5] });
  });

  it.each(['', 'yesterday'])('allows for a minute where the server says %j for its time', async (date) => {
    server.answerBy((response, request) => {
      response.sendDate = false;
      const older = { id: 1, timestamp: STARTED_SECOND - 61 };
      archiveOf([older, { id: 2, timestamp: STARTED_SECOND - 58 }], date === '' ? {} : { date })(response, request);
    });
    expect(await lookUp({ newerThan: null })).toMatchObject({ messageIds: [2] });
  });
});

describe('looking up a message among many', () => {
  const many = (count: number, timestamp: number): ArchivedMessage[] =>
    Array.from({ length: count }, (_, index) => ({ id: 101 + index, content: `${index}`, timestamp }));

  it.each([
    ['onwards', 100],
    ['backwards', null],
  ])('goes %s page by page to the end', async (_way, newerThan) => {
    const messages = many(2.5 * MESSAGES_A_PAGE, STARTED_SECOND);
    expect(await idsIn(messages, { newerThan }, '10')).toEqual([111]);
    expect(await idsIn(messages, { newerThan }, String(messages.length - 10))).toEqual([messages.length + 91]);
    expect(server.received).toHaveLength(6);
  });

  it('goes on with a server that repeats the anchor, and takes nothing twice', async () => {
    server.answerBy(archiveOf(many(1.5 * MESSAGES_A_PAGE, STARTED_SECOND), {}, true));
    const [lastOfPage, last] = [MESSAGES_A_PAGE - 1, 1.5 * MESSAGES_A_PAGE - 1];
    expect(await lookUp({}, `${lastOfPage}`)).toMatchObject({ messageIds: [101 + lastOfPage] });
    expect(await lookUp({}, `${last}`)).toMatchObject({ messageIds: [101 + last] });
  });

  it('stops where messages are older than the attempt', async () => {
    const older = many(5 * MESSAGES_A_PAGE, STARTED_SECOND - HOUR_S);
    const messages = [...older, { id: 10_000, timestamp: STARTED_SECOND }];
    expect(await idsIn(messages, { newerThan: null })).toEqual([10_000]);
    expect(server.received).toHaveLength(2);
  });

  it('knows nothing where there are too many', async () => {
    server.answerBy(archiveOf(many((MOST_PAGES + 1) * MESSAGES_A_PAGE, STARTED_SECOND)));
    expect(await lookUp({}, '10')).toEqual({
      outcome: 'retry',
      reason: 'too_large',
      inDoubt: false,
      response: 'More than 5000 messages are newer than the attempt.',
    });
    expect(server.received).toHaveLength(MOST_PAGES);
  });

  it('has one time limit for all pages', async () => {
    const archive = archiveOf(many(5 * MESSAGES_A_PAGE, STARTED_SECOND));
    server.answerBy((response, request) => {
      setTimeout(() => {
        archive(response, request);
      }, 60).unref();
    });
    const message = { channel: 'support', topic: 't', content: 'x' };
    const doubt = { message, startedAt: STARTED_AT, newerThan: 100 };
    const outcome = await underTest.notifier.lookUp(doubt, zulipDestination(server.url), 150);
    expect(outcome).toMatchObject({ outcome: 'retry', reason: 'timeout', inDoubt: false });
    expect(server.received.length).toBeLessThan(4);
  });

  it('reads a page of the longest messages, and no answer beyond 8 MiB', async () => {
    const longest = many(MESSAGES_A_PAGE, STARTED_SECOND).map(({ id }) => ({ id, content: '😀'.repeat(10_000) }));
    expect(await idsIn(longest, {}, '😀'.repeat(10_000))).toHaveLength(MESSAGES_A_PAGE);
    server.answerBy(archiveOf([{ id: 101, content: 'x'.repeat(9_000_000) }]));
    expect(await lookUp()).toMatchObject({ outcome: 'retry', reason: 'unreadable_answer', inDoubt: false });
  });
});

describe('looking up a message in vain', () => {
  const error = (code: string, rest: object = {}): string =>
    JSON.stringify({ result: 'error', msg: 'x', code, ...rest });

  it.each([
    ['an incoming webhook', 401, error('UNAUTHORIZED')],
    ['a realm that is deactivated', 403, error('REALM_DEACTIVATED')],
    ['an unknown channel', 400, error('BAD_NARROW')],
    ['another server', 404, error('BAD_REQUEST')],
  ])('is not allowed: %s', async (_what, status, body) => {
    server.answer(status, body);
    expect(await lookUp()).toEqual({ outcome: 'not_allowed', httpStatus: status, response: body });
  });

  it.each([
    ['a limit', 429, error('RATE_LIMIT_HIT', { 'retry-after': 1.25 }), 'rate_limited', 1.25],
    ['the page of a proxy', 403, '<html>', 'auth', undefined],
    ['the limit of a proxy', 429, '<html>', 'rate_limited', undefined],
    ['a time-out of a proxy', 408, '', 'timeout', undefined],
    ['a proxy without its server', 502, '<html>', 'server_error', undefined],
    ['a failure', 500, error('INTERNAL_SERVER_ERROR'), 'server_error', undefined],
    ['a redirect', 302, '', 'redirected', undefined],
    ['a page', 200, '<html>', 'unreadable_answer', undefined],
    ['no list', 200, '{"result":"success"}', 'unreadable_answer', undefined],
    ['a list of something else', 200, '{"result":"success","messages":[{"id":1}]}', 'unreadable_answer', undefined],
  ])('is to be repeated: %s', async (_what, status, body, reason, retryAfterSeconds) => {
    server.answer(status, body);
    expect(await lookUp()).toEqual({
      outcome: 'retry',
      reason,
      inDoubt: false,
      httpStatus: status,
      response: body,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  });

  it('is to be repeated where a later page fails', async () => {
    const page = archiveOf(Array.from({ length: MESSAGES_A_PAGE + 1 }, (_, index) => ({ id: 101 + index })));
    server.answerBy((response, request) => {
      if (server.received.length === 1) page(response, request);
      else response.writeHead(503).end();
    });
    expect(await lookUp()).toMatchObject({ outcome: 'retry', reason: 'server_error', httpStatus: 503 });
  });
});
