import { Client } from 'pg';
import { Dispatcher } from '../../src/deliveries/dispatcher.js';
import { FakeClock } from '../support/fake-clock.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const MINUTE = 60_000;
/** How long a worker rests after a fault; nothing else rests for just so long. */
const AFTER_FAULT_MS = 750;
const ok = { status: 200, body: { result: 'success', msg: '', id: 7 } };
/** Zulip's own answer: there is no doubt that the message was not taken. */
const broken = { status: 500, body: { result: 'error', code: 'INTERNAL_SERVER_ERROR', msg: 'no' } };

/** The default waits in milliseconds, each with its longest jitter. */
const LONGEST_WAITS = [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 50_400].map((seconds) => seconds * 1_200);

describe('the dispatcher', () => {
  let clock: FakeClock;
  let zulip: ScriptedZulip;
  let gateway: TestGateway;

  beforeEach(async () => {
    clock = new FakeClock();
    zulip = await ScriptedZulip.start();
    gateway = await TestGateway.start(
      {
        SANDBOX: 'false',
        ZULIP_SITE: zulip.site,
        ZULIP_EMAIL: 'bot@example.com',
        ZULIP_API_KEY: 'bot-key',
        ZULIP_CHANNEL: 'support',
      },
      clock,
    );
  });

  afterEach(async () => {
    await gateway.stop();
    await zulip.stop();
  });

  const reply = (ticket: number, text: string): Promise<unknown> =>
    gateway.groove('customer_replied', {
      id: `${ticket}-${text}`,
      plain_text_body: text,
      links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
    });

  const deliveries = async (): Promise<Record<string, unknown>[]> =>
    (await gateway.api('GET', '/deliveries')).body.data.reverse();

  const attemptsOf = async (delivery: Record<string, unknown> | undefined): Promise<Record<string, unknown>[]> => {
    const { body } = await gateway.api('GET', `/deliveries/${String(delivery?.['id'])}?include=attempts`);
    return body['attempts'] as Record<string, unknown>[];
  };

  /** Waits until the last attempt of every delivery is on record. */
  const recorded = (states: string[]): Promise<Record<string, unknown>[]> =>
    waitUntil(async () => {
      const all = await deliveries();
      return JSON.stringify(all.map((delivery) => delivery['state'])) === JSON.stringify(states) && all;
    });

  const texts = (): string[] => zulip.taken.map((message) => message.content.split('> ')[1] ?? '');

  it('tries again by the schedule, with every attempt on record, until it arrives', async () => {
    zulip.answerNext(broken, broken);
    await reply(1, 'hello');
    await waitUntil(() => zulip.received.length === 1);
    await recorded(['pending']);
    clock.advance(6_000);
    await waitUntil(() => zulip.received.length === 2);
    await recorded(['pending']);
    clock.advance(36_000);
    const [delivery] = await recorded(['delivered']);
    expect(delivery).toMatchObject({ attempts: 3, reason: null, message_id: 100 });
    expect(await attemptsOf(delivery)).toMatchObject([
      { number: 1, outcome: 'retry', reason: 'server_error', http_status: 500, in_doubt: false },
      { number: 2, outcome: 'retry', reason: 'server_error', http_status: 500, in_doubt: false },
      { number: 3, outcome: 'sent', reason: null, http_status: 200, in_doubt: false, message_id: 100 },
    ]);
  });

  it('does not try before its time', async () => {
    zulip.answerNext(broken);
    await reply(1, 'hello');
    const [delivery] = await waitUntil(async () => {
      const all = await deliveries();
      return all[0]?.['attempts'] === 1 && all;
    });
    const wait = new Date(String(delivery?.['next_attempt_at'])).getTime() - clock.now().getTime();
    expect(wait).toBeGreaterThanOrEqual(5_000);
    expect(wait).toBeLessThanOrEqual(6_000);
    clock.advance(4_900);
    // The worker looks at the queue, and leaves alone what is not due.
    await reply(2, 'other ticket');
    await recorded(['pending', 'delivered']);
    expect(zulip.received).toHaveLength(2);
    expect(texts()).toEqual(['other ticket']);
  });

  it('is dead after the whole schedule, with the reason of the last attempt, and the lane goes on', async () => {
    zulip.answerBy((message) => (message.content.includes('doomed') ? broken : undefined));
    await reply(1, 'doomed');
    await reply(1, 'next');
    for (const [index, wait] of LONGEST_WAITS.entries()) {
      await waitUntil(async () => (await deliveries())[0]?.['attempts'] === index + 1);
      expect(texts()).not.toContain('next');
      // Others get through: it is not the server that is down.
      await reply(2, `other ${index}`);
      await waitUntil(() => texts().includes(`other ${index}`));
      clock.advance(wait);
    }
    const all = await recorded(['dead', ...Array.from({ length: LONGEST_WAITS.length + 1 }, () => 'delivered')]);
    expect(all[0]).toMatchObject({ attempts: 10, reason: 'server_error', finished_at: expect.any(String) });
    expect(texts().at(-1)).toBe('next');
  });

  it('holds the lane of a failing head, and only that lane', async () => {
    zulip.answerBy((message) =>
      message.content.includes('late') && clock.now().getTime() < start + MINUTE ? broken : undefined,
    );
    const start = clock.now().getTime();
    await reply(1, 'late');
    await reply(1, 'after late');
    await reply(2, 'other ticket');
    await recorded(['pending', 'pending', 'delivered']);
    expect(texts()).toEqual(['other ticket']);
    clock.advance(6_000);
    await waitUntil(async () => (await deliveries())[0]?.['attempts'] === 2);
    clock.advance(MINUTE);
    await recorded(['delivered', 'delivered', 'delivered']);
    expect(texts()).toEqual(['other ticket', 'late', 'after late']);
  });

  it('lets no other lane wait for one whose message hangs', async () => {
    zulip.answerBy((message) => (message.content.includes('stuck') ? 'hang' : undefined));
    await reply(1, 'stuck');
    await waitUntil(() => zulip.received.length === 1);
    for (const ticket of [2, 3, 4, 5, 6]) await reply(ticket, `ticket ${ticket}`);
    await reply(1, 'behind');
    await recorded(['sending', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'pending']);
    expect(texts().sort()).toEqual(['ticket 2', 'ticket 3', 'ticket 4', 'ticket 5', 'ticket 6']);
    zulip.dropConnections();
    await recorded(['pending', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'pending']);
  });

  it('settles what a fault left in the air, and goes on', async () => {
    zulip.answerNext(broken);
    await reply(1, 'first');
    await waitUntil(async () => (await deliveries())[0]?.['attempts'] === 1);
    const client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    // As if the answer to the statement that begins an attempt had been lost; then the database fails the next read.
    await client.query("update deliveries set state = 'sending'");
    await client.query('alter table routes rename to routes_away');
    await reply(1, 'second');
    await waitUntil(() => clock.delays.includes(AFTER_FAULT_MS));
    await client.query('alter table routes_away rename to routes');
    await waitUntil(async () => {
      clock.advance(1_000);
      const all = await deliveries();
      return all.every((delivery) => delivery['state'] === 'delivered');
    });
    expect(texts()).toEqual(['first', 'second']);
    await client.end();
  });

  it('begins nothing once it is told to stop, whatever is still accepted', async () => {
    await gateway.app.get(Dispatcher, { strict: false }).stop();
    await reply(1, 'late');
    expect(await deliveries()).toMatchObject([{ state: 'pending', attempts: 0 }]);
    expect(zulip.received).toEqual([]);
  });

  it('does not repeat what Zulip rejects', async () => {
    zulip.answerNext({
      status: 400,
      body: { result: 'error', code: 'STREAM_WILDCARD_MENTION_NOT_ALLOWED', msg: 'no' },
    });
    await reply(1, 'rejected');
    await reply(1, 'next');
    const all = await recorded(['dead', 'delivered']);
    expect(all[0]).toMatchObject({ attempts: 1, reason: 'invalid' });
    expect(zulip.received).toHaveLength(2);
  });

  it('keeps the bot key out of what it records', async () => {
    zulip.answerNext(
      { status: 401, body: { result: 'error', code: 'UNAUTHORIZED', msg: 'Invalid API key bot-key' } },
      ok,
    );
    await reply(1, 'hello');
    const [delivery] = await waitUntil(async () => {
      const all = await deliveries();
      return all[0]?.['reason'] === 'auth' && all;
    });
    const [attempt] = await attemptsOf(delivery);
    expect(attempt).toMatchObject({ outcome: 'retry', reason: 'auth', http_status: 401, in_doubt: false });
    expect(JSON.stringify(attempt)).not.toContain('bot-key');
  });
});
