import type { ConnectionCheck } from '../notifier.js';
import { ScriptedServer } from '../testing/scripted-server.js';
import { makeWebhookNotifier, webhookDestination, type WebhookUnderTest } from '../testing/webhook-under-test.js';

/** For whoever answers: a busy machine may take its time. */
const LIMIT_MS = 20_000;
/** For whoever never does. */
const SHORT_LIMIT_MS = 300;

describe('the check of a webhook’s address', () => {
  let underTest: WebhookUnderTest;
  let server: ScriptedServer;

  beforeAll(() => {
    underTest = makeWebhookNotifier();
  });
  afterAll(() => underTest.close());
  beforeEach(async () => {
    server = await ScriptedServer.start();
  });
  afterEach(() => server.stop());

  const check = async (url: string, limitMs = LIMIT_MS): Promise<ConnectionCheck | undefined> =>
    (await underTest.notifier.check(webhookDestination(url), limitMs))[0];

  it.each([200, 302, 404, 405, 503])(
    'finds a server that answers %d, and leaves the address itself alone',
    async (status) => {
      server.answer(status, 'front page', { location: '/elsewhere' });
      const detail = `A web server answers at ${server.url}. Whether it takes webhooks, a test shows.`;
      expect(await check(`${server.url}/hook?token=t`)).toEqual({ name: 'address', ok: true, detail });
      expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /']);
    },
  );

  it.each([
    ['https://127.0.0.1:PORT', 'what listens there does not speak https.'],
    ['http://10.0.0.1', 'the address is not on the public internet, and OUTBOUND_ALLOW does not name it.'],
    ['http://127.0.0.1:6379', 'port 6379 is not one for webhooks.'],
    ['http://nobody.invalid', 'the name cannot be '],
  ])('says why %s cannot be reached', async (address, reason) => {
    const url = address.replace('PORT', String(server.port));
    const found = await check(`${url}/hook`);
    expect(found?.ok).toBe(false);
    expect(found?.detail).toContain(`No web server can be reached at ${url}: ${reason}`);
  });

  it('says so where nobody answers in time, or the connection breaks', async () => {
    server.answerBy(() => undefined);
    expect((await check(server.url, SHORT_LIMIT_MS))?.detail).toBe(
      `No web server can be reached at ${server.url}: it did not answer in time.`,
    );
    server.answerBy((response) => void response.socket?.resetAndDestroy());
    expect((await check(server.url))?.detail).toBe(
      `No web server can be reached at ${server.url}: the connection was broken off.`,
    );
    server.answerBy((response) => void response.socket?.end());
    expect((await check(server.url))?.detail).toBe(
      `No web server can be reached at ${server.url}: the connection was closed without an answer.`,
    );
  });
});
