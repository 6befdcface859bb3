import { Webhook } from 'standardwebhooks';
import { FakeClock } from '../../../test/support/fake-clock.js';
import type { NotifierDestination, SendOutcome } from '../notifier.js';
import { describeNotifier } from '../testing/describe-notifier.js';
import { type ReceivedRequest, ScriptedServer } from '../testing/scripted-server.js';
import {
  makeWebhookNotifier,
  WEBHOOK_SECRET,
  webhookDestination,
  type WebhookUnderTest,
} from '../testing/webhook-under-test.js';

const ID = '0199a000-0000-7000-8000-000000000001';
const BODY = '{"event":"ping","created":"2026-01-01T00:00:00.000Z","data":{}}';
const OTHER_SECRET = `whsec_${Buffer.from('another secret of 32 bytes, too.').toString('base64')}`;
const LIMIT_MS = 20_000;
/** Where it is waited for in any case. */
const SHORT_LIMIT_MS = 1_000;
const clock = new FakeClock();
let underTest: WebhookUnderTest;

beforeAll(() => {
  underTest = makeWebhookNotifier(clock);
});
afterAll(() => underTest.close());

describeNotifier('WebhookNotifier', {
  make: () => Promise.resolve(underTest.notifier),
  destination: webhookDestination,
  secret: WEBHOOK_SECRET,
  success: '',
  takesAnyBody: true,
});

describe('WebhookNotifier', () => {
  let server: ScriptedServer;

  beforeEach(async () => {
    server = await ScriptedServer.start();
  });
  afterEach(() => server.stop());

  const send = (destination: NotifierDestination, content = BODY, limitMs = LIMIT_MS): Promise<SendOutcome> =>
    underTest.notifier.send({ channel: '', topic: '', content }, destination, limitMs, ID);
  const verify = ({ body, headers }: ReceivedRequest, secret: string): unknown =>
    new Webhook(secret).verify(body, headers as Record<string, string>);

  it('posts the exact body, signed so that the library of Standard Webhooks takes it', async () => {
    const content = '{"data":{"ticket_message":"Grüße 😀 \\u0000 \\n"}}';
    const outcome = await send(webhookDestination(`${server.url}/hook?team=1`), content);
    expect(outcome).toEqual({ outcome: 'sent', httpStatus: 200, response: '' });
    const { method, path, headers, body } = server.lastRequest;
    expect([method, path, body]).toEqual(['POST', '/hook?team=1', content]);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['webhook-id']).toBe(ID);
    expect(headers['webhook-timestamp']).toBe(String(Math.floor(clock.now().getTime() / 1_000)));
    expect(verify(server.lastRequest, WEBHOOK_SECRET)).toEqual(JSON.parse(content));
    expect(() => verify(server.lastRequest, OTHER_SECRET)).toThrow('No matching signature found');
  });

  it('signs as the vector of the specification', async () => {
    const vector = new FakeClock(1_614_265_330_000);
    const { notifier, close } = makeWebhookNotifier(vector);
    const destination = webhookDestination(server.url, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const message = { channel: '', topic: '', content: '{"test": 2432232314}' };
    await notifier.send(message, destination, LIMIT_MS, 'msg_p5jXN8AQM9LWM0D4loKWxJek');
    await close();
    expect(server.lastRequest.headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('signs with the secret before as well, until its time is over', async () => {
    const until = new Date(clock.now().getTime() + 1_000).toISOString();
    const secrets = { signing_secret: OTHER_SECRET, previous_signing_secret: WEBHOOK_SECRET, previous_until: until };
    const rotated = { ...webhookDestination(server.url), secrets };
    await send(rotated);
    const both = server.lastRequest;
    expect(verify(both, OTHER_SECRET)).toEqual(verify(both, WEBHOOK_SECRET));
    expect(String(both.headers['webhook-signature']).split(' ')).toHaveLength(2);
    clock.advance(1_000);
    await send(rotated);
    expect(String(server.lastRequest.headers['webhook-signature']).split(' ')).toHaveLength(1);
    expect(() => verify(server.lastRequest, WEBHOOK_SECRET)).toThrow('No matching signature found');
  });

  it('says what a CloudEvent is', async () => {
    await send(webhookDestination(server.url, WEBHOOK_SECRET, { format: 'cloudevents' }));
    expect(server.lastRequest.headers['content-type']).toBe('application/cloudevents+json');
  });

  it.each<[number, Partial<SendOutcome>]>([
    [200, { outcome: 'sent' }],
    [204, { outcome: 'sent' }],
    [299, { outcome: 'sent' }],
    [302, { outcome: 'retry', reason: 'redirected', inDoubt: false }],
    [400, { outcome: 'retry', reason: 'refused', inDoubt: false }],
    [401, { outcome: 'retry', reason: 'refused', inDoubt: false }],
    [403, { outcome: 'retry', reason: 'refused', inDoubt: false }],
    [404, { outcome: 'retry', reason: 'refused', inDoubt: false }],
    [408, { outcome: 'retry', reason: 'timeout', inDoubt: false }],
    [410, { outcome: 'rejected', reason: 'gone' }],
    [413, { outcome: 'rejected', reason: 'too_large' }],
    [422, { outcome: 'retry', reason: 'refused', inDoubt: false }],
    [429, { outcome: 'retry', reason: 'rate_limited', inDoubt: false, retryAfterSeconds: 5 }],
    [500, { outcome: 'retry', reason: 'server_error', inDoubt: true }],
    [503, { outcome: 'retry', reason: 'server_error', inDoubt: true }],
  ])('takes a %d for what it is', async (status, expected) => {
    server.answer(status, '', { location: `${server.url}/elsewhere` });
    expect(await send(webhookDestination(server.url))).toEqual({ httpStatus: status, response: '', ...expected });
    expect(server.received).toHaveLength(1);
  });

  it.each<[number, string, number | undefined]>([
    [429, '7', 7],
    [429, '7.5', 7.5],
    [429, '1.5', 5],
    [429, '0', 5],
    [503, '1.5', 1.5],
    [503, '120', 120],
    [503, '0', 0],
    [429, '99999999999', 86_400],
    [429, '-1', 5],
    [429, 'soon', 5],
    [503, 'soon', undefined],
    [503, '1e3', undefined],
    [503, '', undefined],
  ])('waits after a %d with Retry-After %j', async (status, retryAfter, seconds) => {
    server.answer(status, '', { 'retry-after': retryAfter });
    const outcome = await send(webhookDestination(server.url));
    expect('retryAfterSeconds' in outcome ? outcome.retryAfterSeconds : undefined).toBe(seconds);
  });

  it.each([
    ['by the server’s clock', new Date('2030-01-01T00:00:00Z'), new Date('2030-01-01T00:01:30Z'), 90],
    ['that has passed', new Date('2030-01-01T00:01:30Z'), new Date('2030-01-01T00:00:00Z'), 0],
  ])('waits until a date %s', async (_what, date, until, seconds) => {
    server.answer(503, '', { date: date.toUTCString(), 'retry-after': until.toUTCString() });
    expect(await send(webhookDestination(server.url))).toMatchObject({ retryAfterSeconds: seconds });
  });

  it('waits until a date by our clock where the server does not tell its own', async () => {
    const until = new Date(Math.ceil(clock.now().getTime() / 1_000) * 1_000 + 60_000);
    server.answerBy((response) => {
      response.sendDate = false;
      response.writeHead(429, { 'retry-after': until.toUTCString() }).end();
    });
    const seconds = (until.getTime() - clock.now().getTime()) / 1_000;
    expect(await send(webhookDestination(server.url))).toMatchObject({ retryAfterSeconds: seconds });
  });

  it.each<[number, Partial<SendOutcome>]>([
    [200, { outcome: 'sent' }],
    [410, { outcome: 'rejected', reason: 'gone' }],
    [500, { outcome: 'retry', reason: 'server_error', inDoubt: true }],
  ])('takes a %d for what it is also when its body never ends', async (status, expected) => {
    server.answerBy((response) => response.writeHead(status, { 'content-length': '1000' }).write('so far'));
    const outcome = await send(webhookDestination(server.url), BODY, SHORT_LIMIT_MS);
    expect(outcome).toEqual({ httpStatus: status, response: 'so far', ...expected });
    expect(server.received).toHaveLength(1);
  });

  it('keeps 16 KiB of an answer, and reads no more of it', async () => {
    server.answer(200, 'x'.repeat(1_048_576));
    const outcome = await send(webhookDestination(server.url));
    expect(outcome).toEqual({ outcome: 'sent', httpStatus: 200, response: 'x'.repeat(16_384) });
  });

  it.each([
    ['no web address', { settings: { url: 'ftp://example.com' }, secrets: { signing_secret: WEBHOOK_SECRET } }],
    ['no secret', { settings: { url: 'https://example.com' }, secrets: {} }],
  ])('rejects what it cannot send with: %s', async (_what, parts) => {
    expect(await send({ id: 'd', name: 'x', ...parts })).toEqual({
      outcome: 'rejected',
      reason: 'invalid',
      response: 'The destination needs an http(s) address as url and a signing secret.',
    });
  });

  it.each([
    ['https://Example.com/a?b', 'https://example.com'],
    ['http://example.com:8080', 'http://example.com:8080'],
    ['nonsense', ''],
  ])('knows the server behind %s', (url, receiver) => {
    expect(underTest.notifier.receiverOf(webhookDestination(url))).toBe(receiver);
  });
});
