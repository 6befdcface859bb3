import { type Script, ScriptedServer } from '../../src/notifiers/testing/scripted-server.js';
import { FakeClock } from '../support/fake-clock.js';
import { TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

type Row = Record<string, unknown>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Beyond a second, an attempt that has begun on record is not sent any more, but begun anew. */
const STEP_MS = 100;
/** A wait is longer than the schedule says by this at most. */
const MOST_JITTER = 1.2;

describe('deliveries to a webhook', () => {
  let clock: FakeClock;
  let server: ScriptedServer;
  let gateway: TestGateway;
  let path: string;
  let replies = 0;

  beforeEach(async () => {
    clock = new FakeClock();
    server = await ScriptedServer.start();
    gateway = await TestGateway.start({ SANDBOX: 'false', LEASE_SECONDS: '300' }, clock);
  });
  afterEach(async () => {
    await gateway.stop();
    await server.stop();
  });

  const install = async (settings: Row = {}): Promise<void> => {
    const { body } = await gateway.api('POST', '/destinations', {
      name: 'Hook',
      kind: 'webhook',
      settings: { url: `${server.url}/hook`, ...settings },
    });
    path = `/destinations/${String(body['id'])}`;
    await gateway.api('POST', '/routes', { name: 'All', destination_id: body['id'], matchers: [] });
  };
  const reply = async (ticket: number, text = 'Hi'): Promise<void> => {
    replies += 1;
    await gateway.groove('customer_replied', {
      id: `reply-${replies}`,
      plain_text_body: text,
      links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
    });
  };
  const answerBy = (script: Script): void => {
    server.answerBy(script);
  };
  const deliveries = async (): Promise<Row[]> => (await gateway.api('GET', '/deliveries')).body.data.reverse();
  const destination = async (): Promise<Row> => (await gateway.api('GET', path)).body;
  const inStates = (...states: string[]): Promise<Row[]> =>
    waitUntil(async () => {
      const all = await deliveries();
      return JSON.stringify(all.map(({ state }) => state)) === JSON.stringify(states) && all;
    });
  /** So many requests have arrived, and what they came to is on record. */
  const tried = (requests: number): Promise<Row[]> =>
    waitUntil(async () => {
      const all = await deliveries();
      return server.received.length === requests && all.every(({ state }) => state !== 'sending') && all;
    });
  const attemptsOf = async (delivery: Row | undefined): Promise<Row[]> => {
    const { body } = await gateway.api('GET', `/deliveries/${String(delivery?.['id'])}?include=attempts`);
    return body['attempts'] as Row[];
  };
  /** Time goes on until that many requests have arrived: at once, then in steps that are too short to lose an attempt. */
  const passUntil = async (requests: number, atOnceMs: number): Promise<Row[]> => {
    clock.advance(atOnceMs);
    await waitUntil(() => {
      clock.advance(STEP_MS);
      return server.received.length >= requests;
    });
    return tried(requests);
  };

  it.each([400, 401, 403, 404, 422, 302])(
    'tries again by the schedule what gets a %d, under the same id',
    async (status) => {
      await install({ retry_schedule_seconds: [60, 600] });
      server.answer(status, 'no', { location: `${server.url}/elsewhere` });
      await reply(1);
      await tried(1);
      clock.advance(59_000);
      await inStates('pending');
      expect(server.received).toHaveLength(1);
      await passUntil(2, 0);
      await passUntil(3, 600_000 * MOST_JITTER);
      const [delivery] = await inStates('dead');
      expect(delivery).toMatchObject({ reason: status === 302 ? 'redirected' : 'refused', attempts: 3 });
      expect(await attemptsOf(delivery)).toMatchObject([1, 2, 3].map((number) => ({ number, http_status: status })));
      const ids = server.received.map(({ headers }) => headers['webhook-id']);
      expect(ids).toEqual([delivery?.['id'], delivery?.['id'], delivery?.['id']]);
      expect(server.received.map((request) => request.path)).toEqual(['/hook', '/hook', '/hook']);
      expect((await destination())['pauses']).toEqual([]);
    },
  );

  it('waits as long as a 429 says, and it costs no attempt', async () => {
    await install({ retry_schedule_seconds: [] });
    server.answer(429, '', { 'retry-after': '90.5' });
    await reply(1);
    await tried(1);
    server.answer(200, '');
    clock.advance(90_000);
    expect(server.received).toHaveLength(1);
    await passUntil(2, 0);
    const [delivery] = await inStates('delivered');
    expect(await attemptsOf(delivery)).toMatchObject([{ reason: 'rate_limited' }, { outcome: 'sent' }]);
  });

  it('waits no shorter than a 503 says', async () => {
    await install({ retry_schedule_seconds: [1] });
    const until = new Date(Math.ceil(clock.now().getTime() / 1_000) * 1_000 + HOUR);
    server.answer(503, '', { date: clock.now().toUTCString(), 'retry-after': until.toUTCString() });
    await reply(1);
    const [delivery] = await tried(1);
    const waits = new Date(String(delivery?.['next_attempt_at'])).getTime() - clock.now().getTime();
    expect(Math.abs(waits - HOUR)).toBeLessThanOrEqual(2_000);
  });

  it('tries again what nobody answered: at least once, and in doubt', async () => {
    await install({ retry_schedule_seconds: [5] });
    answerBy((response) => void response.socket?.resetAndDestroy());
    await reply(1);
    await tried(1);
    server.answer(204, '');
    await passUntil(2, 0);
    const [delivery] = await inStates('delivered');
    expect(await attemptsOf(delivery)).toMatchObject([
      { outcome: 'retry', reason: 'network', in_doubt: true },
      { outcome: 'sent', http_status: 204, in_doubt: false },
    ]);
    expect(new Set(server.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('works its lanes side by side, each in order', async () => {
    await install();
    const held: (() => void)[] = [];
    answerBy((response) => held.push(() => response.end()));
    for (let ticket = 1; ticket <= 40; ticket += 1) await reply(ticket, `first of ${ticket}`);
    await reply(1, 'second of 1');
    await waitUntil(() => held.length === 32);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(held).toHaveLength(32);
    answerBy((response) => response.end());
    for (const release of held) release();
    await tried(41);
    const ofFirst = server.received.map(({ body }) => body).filter((body) => / of 1"/.test(body));
    expect(ofFirst.map((body) => (JSON.parse(body) as { data: Row }).data['ticket_message'])).toEqual([
      'first of 1',
      'second of 1',
    ]);
  });

  it('disables a destination that is gone: what waits is kept, and goes when it is enabled again', async () => {
    await install();
    server.answer(410, 'gone');
    await reply(1, 'one');
    await inStates('dead');
    await reply(1, 'two');
    await reply(2, 'three');
    const [dead] = await inStates('dead', 'pending', 'pending');
    expect(dead).toMatchObject({ reason: 'gone', attempts: 1 });
    expect(await destination()).toMatchObject({
      disabled_at: expect.any(String),
      disabled_because: 'gone',
      disables_at: null,
    });
    clock.advance(HOUR);
    await inStates('dead', 'pending', 'pending');
    expect(server.received).toHaveLength(1);
    server.answer(200, '');
    const resumed = await gateway.api('POST', `${path}/resume`);
    expect(resumed.body).toMatchObject({ disabled_at: null, disabled_because: null, failing_since: null });
    await inStates('dead', 'delivered', 'delivered');
  });

  it('sends nothing more of a lane after a 410', async () => {
    await install();
    const held: (() => void)[] = [];
    answerBy((response) => held.push(() => response.writeHead(410).end()));
    await reply(1, 'one');
    await waitUntil(() => held.length === 1);
    await reply(1, 'two');
    for (const release of held) release();
    await inStates('dead', 'pending');
    expect(server.received).toHaveLength(1);
  });

  it('disables what fails for five days, and warns a day before', async () => {
    await install({ retry_schedule_seconds: Array.from({ length: 50 }, () => 6 * 3_600) });
    server.answer(404, 'nobody here');
    const since = clock.now().getTime();
    await reply(1);
    await tried(1);
    for (let requests = 2; (await destination())['disabled_at'] === null; requests += 1) {
      const { failing_since: failingSince, disables_at: disablesAt } = await destination();
      if (requests > 2) {
        expect(new Date(String(failingSince)).getTime()).toBe(since);
        expect(new Date(String(disablesAt)).getTime() - since).toBeGreaterThanOrEqual(5 * DAY);
      }
      await passUntil(requests, 6 * HOUR * MOST_JITTER);
    }
    const days = (clock.now().getTime() - since) / DAY;
    expect(days).toBeGreaterThanOrEqual(5);
    expect(days).toBeLessThan(5.5);
    expect(await destination()).toMatchObject({ disabled_because: 'failing', disables_at: null });
    await inStates('pending');
    server.answer(200, '');
    await gateway.api('POST', `${path}/resume`);
    await passUntil(server.received.length + 1, 6 * HOUR * MOST_JITTER);
    await inStates('delivered');
    expect(await destination()).toMatchObject({ disabled_at: null, failing_since: null });
  });

  it('forgets that it failed once something arrives', async () => {
    await install({ retry_schedule_seconds: [60, 60, 60] });
    server.answer(500, '');
    await reply(1);
    await tried(1);
    await passUntil(2, 59_000);
    await waitUntil(async () => (await destination())['failing_since'] !== null);
    server.answer(200, '');
    await passUntil(3, 59_000);
    await waitUntil(async () => (await destination())['failing_since'] === null);
  });

  it('goes on with the secret before the present one for a day only', async () => {
    await install();
    await gateway.api('POST', `${path}/rotate-secret`);
    await reply(1);
    await tried(1);
    clock.advance(DAY);
    await reply(2);
    await tried(2);
    const signatures = server.received.map(({ headers }) => String(headers['webhook-signature']).split(' ').length);
    expect(signatures).toEqual([2, 1]);
  });
});
