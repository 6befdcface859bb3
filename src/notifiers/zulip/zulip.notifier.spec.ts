import { HttpService } from '@nestjs/axios';
import { Test, type TestingModule } from '@nestjs/testing';
import { OutgoingHttpModule } from '../../http/outgoing-http.module.js';
import { buildEvent } from '../testing/event-builder.js';
import { describeNotifier } from '../testing/describe-notifier.js';
import { ScriptedServer } from '../testing/scripted-server.js';
import { ZulipClient } from './zulip-client.js';
import { ZulipNotifierModule } from './zulip-notifier.module.js';
import { ZulipNotifier } from './zulip.notifier.js';

const SUCCESS = '{"result":"success","msg":"","id":42}';
let outgoing: TestingModule | undefined;

async function makeNotifier(timeLimitMs: number): Promise<ZulipNotifier> {
  outgoing ??= await Test.createTestingModule({ imports: [OutgoingHttpModule] }).compile();
  return new ZulipNotifier(new ZulipClient(outgoing.get(HttpService, { strict: false }), timeLimitMs));
}

const makeDestination = (site: string, apiKey: string, channel: string | number = 'support') => ({
  id: 'd',
  name: 'Zulip',
  settings: { site, email: 'bot@example.com', channel },
  secrets: { api_key: apiKey },
});

afterAll(() => outgoing?.close());

describeNotifier('ZulipNotifier', { make: makeNotifier, destination: makeDestination, success: SUCCESS });

describe('ZulipNotifier', () => {
  let server: ScriptedServer;
  let notifier: ZulipNotifier;

  beforeAll(async () => {
    notifier = await makeNotifier(1_000);
  });
  beforeEach(async () => {
    server = await ScriptedServer.start();
    server.answer(200, SUCCESS);
  });
  afterEach(() => server.stop());

  it('posts a form, as the bot, to a channel', async () => {
    const content = 'Ticket #9 Test & Co\n> línea 😀';
    const message = { channel: 'support', topic: '#9 Test Subject', content };
    const outcome = await notifier.send(message, makeDestination(server.url, 'key'));
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
    await notifier.send({ channel: 'c', topic: 't', content: 'x' }, makeDestination(`${server.url}${ending}`, 'key'));
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
  ])('names the channel %s so that Zulip understands it', async (channel, to) => {
    await notifier.send({ channel, topic: 't', content: 'x' }, makeDestination(server.url, 'key'));
    expect(new URLSearchParams(server.lastRequest.body).get('to')).toBe(to);
  });

  it('takes the channel of the route before that of the destination, and an id for a channel', () => {
    const destination = makeDestination('https://example.com', 'key', 42);
    expect(notifier.channelFor({}, destination)).toBe('42');
    expect(notifier.channelFor({ channel: ' billing ' }, destination)).toBe('billing');
    const composition = notifier.compose({ event: buildEvent('ping'), route: { channel: 'billing' }, destination });
    expect(composition).toMatchObject({ kind: 'message', message: { channel: 'billing', topic: 'Groove' } });
  });

  it('waits as long as a 429 says, in fractions of a second', async () => {
    const body =
      '{"result":"error","msg":"API usage exceeded rate limit","code":"RATE_LIMIT_HIT","retry-after":28.706}';
    server.answer(429, body, { 'Retry-After': '99' });
    const outcome = await notifier.send({ channel: 'c', topic: 't', content: 'x' }, makeDestination(server.url, 'key'));
    expect(outcome).toMatchObject({
      outcome: 'retry',
      reason: 'rate_limited',
      inDoubt: false,
      retryAfterSeconds: 28.706,
    });
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:1'],
    ['the name does not exist', 'http://does-not-exist.invalid'],
  ])('leaves no doubt when %s', async (_what, site) => {
    const outcome = await notifier.send({ channel: 'c', topic: 't', content: 'x' }, makeDestination(site, 'key'));
    expect(outcome).toMatchObject({ outcome: 'retry', reason: 'network', inDoubt: false });
    expect(outcome.response).toMatch(/E[A-Z_]+/);
  });

  it('leaves no doubt when the TLS handshake fails', async () => {
    const destination = makeDestination(`https://127.0.0.1:${server.port}`, 'key');
    const outcome = await notifier.send({ channel: 'c', topic: 't', content: 'x' }, destination);
    expect(outcome).toMatchObject({ outcome: 'retry', reason: 'network', inDoubt: false });
  });

  it('is in doubt after a time-out and a reset', async () => {
    const destination = makeDestination(server.url, 'key');
    const message = { channel: 'c', topic: 't', content: 'x' };
    server.answerBy(() => undefined);
    expect(await (await makeNotifier(50)).send(message, destination)).toMatchObject({
      reason: 'timeout',
      inDoubt: true,
    });
    server.answerBy((response) => response.socket?.resetAndDestroy());
    expect(await notifier.send(message, destination)).toMatchObject({ reason: 'network', inDoubt: true });
  });

  it('records the beginning of a huge answer', async () => {
    server.answer(500, 'é'.repeat(1_000_000));
    const outcome = await notifier.send({ channel: 'c', topic: 't', content: 'x' }, makeDestination(server.url, 'key'));
    expect(outcome).toMatchObject({ outcome: 'retry', reason: 'server_error', inDoubt: true, httpStatus: 500 });
    expect(outcome.response).toBe('é'.repeat(8_192));
  });

  it('does not read an answer to its end that has none', async () => {
    server.answerBy((response) => {
      response.writeHead(200).write('x'.repeat(100_000));
    });
    const outcome = await notifier.send({ channel: 'c', topic: 't', content: 'x' }, makeDestination(server.url, 'key'));
    expect(outcome).toMatchObject({ outcome: 'retry', reason: 'unreadable_answer', inDoubt: true, httpStatus: 200 });
  });

  it('is made by its module', async () => {
    const module = await Test.createTestingModule({ imports: [ZulipNotifierModule] }).compile();
    const made = module.get(ZulipNotifier);
    const outcome = await made.send({ channel: 'c', topic: 't', content: 'x' }, makeDestination(server.url, 'key'));
    expect(outcome.outcome).toBe('sent');
    await module.close();
  });
});
