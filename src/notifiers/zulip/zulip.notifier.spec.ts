import { Test } from '@nestjs/testing';
import { ConfigModule } from '../../config/config.module.js';
import { validateEnvironment } from '../../config/validate-environment.js';
import { LOOPBACK } from '../../outgoing/testing/loopback-policy.js';
import { ClockModule } from '../../clock/clock.module.js';
import { SystemClock } from '../../clock/clock.js';
import { buildEvent } from '../testing/event-builder.js';
import { describeNotifier } from '../testing/describe-notifier.js';
import { ScriptedServer } from '../testing/scripted-server.js';
import { makeZulipNotifier, zulipDestination, type ZulipUnderTest } from '../testing/zulip-under-test.js';
import { ZulipNotifierModule } from './zulip-notifier.module.js';
import { ZulipNotifier } from './zulip.notifier.js';

const SUCCESS = '{"result":"success","msg":"","id":42}';
const LIMIT_MS = 20_000;
let underTest: ZulipUnderTest;

beforeAll(() => {
  underTest = makeZulipNotifier();
});
afterAll(() => underTest.close());

describeNotifier('ZulipNotifier', {
  make: () => Promise.resolve(underTest.notifier),
  destination: zulipDestination,
  success: SUCCESS,
});

describe('ZulipNotifier', () => {
  let server: ScriptedServer;
  let notifier: ZulipNotifier;

  beforeEach(async () => {
    ({ notifier } = underTest);
    server = await ScriptedServer.start();
    server.answer(200, SUCCESS);
  });
  afterEach(() => server.stop());

  it('posts a form, as the bot, to a channel', async () => {
    const content = 'Ticket #9 Test & Co\n> línea 😀';
    const message = { channel: 'support', topic: '#9 Test Subject', content };
    const outcome = await notifier.send(message, zulipDestination(server.url, 'key'), LIMIT_MS);
    expect(outcome).toEqual({ outcome: 'sent', messageId: 42, httpStatus: 200, response: SUCCESS });
    const { method, path, headers, body } = server.lastRequest;
    expect(`${method} ${path}`).toBe('POST /api/v1/messages');
    expect(headers.authorization).toBe(`Basic ${Buffer.from('bot@example.com:key').toString('base64')}`);
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      type: 'stream',
      to: 'support',
      topic: '#9 Test Subject',
      content,
    });
  });

  it.each([
    ['', '/api/v1/messages'],
    ['/', '/api/v1/messages'],
    ['/sandbox/zulip', '/sandbox/zulip/api/v1/messages'],
    ['/sandbox/zulip//?x=1#y', '/sandbox/zulip/api/v1/messages'],
  ])('finds the API of a site that ends in %j', async (ending, path) => {
    await notifier.send(
      { channel: 'c', topic: 't', content: 'x' },
      zulipDestination(`${server.url}${ending}`, 'key'),
      LIMIT_MS,
    );
    expect(server.lastRequest.path).toBe(path);
  });

  it.each([
    ['support', 'support'],
    ['42', '42'],
    ['Größe & Co', 'Größe & Co'],
    ['3.5', '"3.5"'],
    ['true', '"true"'],
    ['"quoted"', '"\\"quoted\\""'],
    ['[1]', '"[1]"'],
    ['-1', '"-1"'],
    [' null', '" null"'],
    ['null and void', 'null and void'],
    ['{ops}', '{ops}'],
  ])('names the channel %s so that Zulip understands it', async (channel, to) => {
    await notifier.send({ channel, topic: 't', content: 'x' }, zulipDestination(server.url, 'key'), LIMIT_MS);
    expect(new URLSearchParams(server.lastRequest.body).get('to')).toBe(to);
  });

  it('takes the channel of the route before that of the destination, and an id for a channel', () => {
    const destination = zulipDestination('https://example.com', 'key', 42);
    expect(notifier.channelFor({}, destination)).toBe('42');
    expect(notifier.channelFor({ channel: ' billing ' }, destination)).toBe('billing');
    const composition = notifier.compose({ event: buildEvent('ping'), route: { channel: 'billing' }, destination });
    expect(composition).toMatchObject({ kind: 'message', message: { channel: 'billing', topic: 'Groove' } });
  });

  it.each([
    ['https://Chat.Example.com/', 'https://chat.example.com'],
    ['HTTPS://chat.example.com:443', 'https://chat.example.com'],
    ['http://chat.example.com:8080/Zulip//?x=1#y', 'http://chat.example.com:8080/Zulip'],
    ['chat.example.com', ''],
    ['ftp://chat.example.com', ''],
    ['', ''],
  ])('knows the server behind %j', (site, receiver) => {
    expect(notifier.receiverOf(zulipDestination(site))).toBe(receiver);
    const shouting = zulipDestination(site, 'key', 'support', 'Bot@Example.com');
    expect(notifier.accountOf(shouting)).toBe(`${receiver} bot@example.com`);
  });

  it.each([
    ['200', '199', { limit: 200, remaining: 199 }],
    ['1', '0', { limit: 1, remaining: 0 }],
    ['0', '0', undefined],
    ['200', '-1', undefined],
    ['200', '1.5', undefined],
    ['many', 'few', undefined],
    ['200', '', undefined],
  ])('reads the rate from the headers: %s, %s', async (limit, remaining, rate) => {
    server.answer(200, SUCCESS, { 'X-RateLimit-Limit': limit, 'X-RateLimit-Remaining': remaining });
    const outcome = await notifier.send(
      { channel: 'c', topic: 't', content: 'x' },
      zulipDestination(server.url),
      LIMIT_MS,
    );
    expect(outcome.rate).toEqual(rate);
    expect('rate' in outcome).toBe(rate !== undefined);
  });

  it.each([0, -5, 0.5, 1e12])('takes any time limit: %d ms', async (timeLimitMs) => {
    const message = { channel: 'c', topic: 't', content: 'x' };
    const { outcome } = await notifier.send(message, zulipDestination(server.url), timeLimitMs);
    expect(timeLimitMs > 1 ? ['sent'] : ['sent', 'retry']).toContain(outcome);
  });

  it('waits as long as a 429 says, in fractions of a second', async () => {
    const body =
      '{"result":"error","msg":"API usage exceeded rate limit","code":"RATE_LIMIT_HIT","retry-after":28.706}';
    server.answer(429, body, { 'Retry-After': '99' });
    const outcome = await notifier.send(
      { channel: 'c', topic: 't', content: 'x' },
      zulipDestination(server.url, 'key'),
      LIMIT_MS,
    );
    expect(outcome).toMatchObject({
      outcome: 'retry',
      reason: 'rate_limited',
      inDoubt: false,
      retryAfterSeconds: 28.706,
    });
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:2'],
    ['the name does not exist', 'http://does-not-exist.invalid'],
  ])('leaves no doubt when %s', async (_what, site) => {
    const outcome = await notifier.send(
      { channel: 'c', topic: 't', content: 'x' },
      zulipDestination(site, 'key'),
      LIMIT_MS,
    );
    expect(outcome).toMatchObject({ outcome: 'retry', reason: 'network', inDoubt: false });
    expect(outcome.response).toMatch(/E[A-Z_]+/);
  });

  it('leaves no doubt when the TLS handshake fails', async () => {
    const destination = zulipDestination(`https://127.0.0.1:${server.port}`, 'key');
    const outcome = await notifier.send({ channel: 'c', topic: 't', content: 'x' }, destination, LIMIT_MS);
    expect(outcome).toMatchObject({ outcome: 'retry', reason: 'network', inDoubt: false });
  });

  it('is in doubt after a time-out and a reset', async () => {
    const destination = zulipDestination(server.url, 'key');
    const message = { channel: 'c', topic: 't', content: 'x' };
    server.answerBy(() => undefined);
    expect(await notifier.send(message, destination, 50)).toMatchObject({
      reason: 'timeout',
      inDoubt: true,
    });
    server.answerBy((response) => response.socket?.resetAndDestroy());
    expect(await notifier.send(message, destination, LIMIT_MS)).toMatchObject({ reason: 'network', inDoubt: true });
  });

  it('records the beginning of a huge answer', async () => {
    server.answer(500, 'é'.repeat(1_000_000));
    const outcome = await notifier.send(
      { channel: 'c', topic: 't', content: 'x' },
      zulipDestination(server.url, 'key'),
      LIMIT_MS,
    );
    expect(outcome).toMatchObject({ outcome: 'retry', reason: 'server_error', inDoubt: true, httpStatus: 500 });
    expect(outcome.response).toBe('é'.repeat(8_192));
  });

  it('does not read an answer to its end that has none', async () => {
    server.answerBy((response) => {
      response.writeHead(200).write('x'.repeat(100_000));
    });
    const outcome = await notifier.send(
      { channel: 'c', topic: 't', content: 'x' },
      zulipDestination(server.url, 'key'),
      LIMIT_MS,
    );
    expect(outcome).toMatchObject({ outcome: 'retry', reason: 'unreadable_answer', inDoubt: true, httpStatus: 200 });
  });

  it('is made by its module', async () => {
    const environment = validateEnvironment({ OUTBOUND_ALLOW: LOOPBACK });
    const module = await Test.createTestingModule({
      imports: [ConfigModule.register(environment), ClockModule.register(new SystemClock()), ZulipNotifierModule],
    }).compile();
    const made = module.get(ZulipNotifier);
    const outcome = await made.send(
      { channel: 'c', topic: 't', content: 'x' },
      zulipDestination(server.url, 'key'),
      LIMIT_MS,
    );
    expect(outcome.outcome).toBe('sent');
    await module.close();
  });
});
