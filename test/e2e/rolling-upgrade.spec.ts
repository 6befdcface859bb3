import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { GatewayProcess } from '../support/gateway-process.js';
import { checkOutPreviousVersion, type PreviousVersion } from '../support/previous-version.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { createEmptyDatabase, type TestDatabase } from '../support/template-database.js';
import { type Answer, call } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';
import { whilePending } from '../support/while-pending.js';

const TICKETS = 4;
/** Load enough to be in the way of a migration, and no more than the new process can start beside. */
const BETWEEN_POSTS_MS = 50;
// Three gateways of their own, two of them compiled first: seconds on a free machine.
jest.setTimeout(120_000);

const previous = checkOutPreviousVersion();
if (typeof previous === 'string') process.stderr.write(`The rolling upgrade is not tested: ${previous}.\n`);

(typeof previous === 'string' ? describe.skip : describe)('processes of the version before and of this one', () => {
  const { root, newMigrations } = previous as PreviousVersion;
  const adminKey = `dw_${randomBytes(24).toString('hex')}`;
  const encryptionKey = randomBytes(24).toString('hex');
  let database: TestDatabase;
  let client: Client;
  let zulip: ScriptedZulip;
  let dataDir: string;
  let running: GatewayProcess[];
  let hookPath: string;
  let posted: string[];

  beforeEach(async () => {
    database = await createEmptyDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    zulip = await ScriptedZulip.start();
    dataDir = mkdtempSync(join(tmpdir(), 'deskwire-upgrade-'));
    running = [];
    posted = [];
  });

  afterEach(async () => {
    for (const gateway of running) await gateway.kill();
    await zulip.stop();
    await client.end();
    await database.drop();
    rmSync(dataDir, { recursive: true });
  });

  afterAll(() => {
    (previous as PreviousVersion).remove();
  });

  const start = async (sources?: string): Promise<{ gateway: GatewayProcess; url: string }> => {
    const environment = {
      DATABASE_URL: database.url,
      ENCRYPTION_KEY: encryptionKey,
      ADMIN_API_KEY: adminKey,
      LEASE_SECONDS: '3',
      ZULIP_SITE: zulip.site,
      ZULIP_EMAIL: 'bot@example.com',
      ZULIP_API_KEY: 'k',
      ZULIP_CHANNEL: 'support',
    };
    const gateway = new GatewayProcess(dataDir, environment, sources);
    running.push(gateway);
    return { gateway, url: await gateway.started() };
  };

  const api = (url: string, method: string, path: string, body?: object): Promise<Answer> =>
    call(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${adminKey}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });

  /** One after the other of a ticket, so that the order of acceptance is known. */
  const post = async (url: string, path = hookPath): Promise<void> => {
    const ticket = posted.length % TICKETS;
    const text = `${ticket}.${posted.length}`;
    posted.push(text);
    const { status } = await call(new URL(path, url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-groove-event': 'customer_replied' },
      body: JSON.stringify({
        id: `reply-${posted.length}`,
        plain_text_body: text,
        links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
      }),
    });
    expect(status).toBe(202);
  };

  const texts = (): string[] => zulip.taken.flatMap(({ content }) => content.match(/\d+\.\d+/g) ?? []);
  const migrationsRun = async (): Promise<number> =>
    (await client.query<{ count: number }>('select count(*)::int as count from migrations')).rows[0]?.count ?? 0;

  it('work side by side: what is accepted by either arrives once, and in order', async () => {
    const old = await start(root);
    hookPath = new URL(/groove\s+(http\S+)/.exec(old.gateway.output)?.[1] ?? '').pathname;
    const before = await migrationsRun();
    for (let count = 0; count < 2 * TICKETS; count += 1) await post(old.url);

    // The new one migrates while the old one takes webhooks and delivers.
    const young = await whilePending(start(), async () => {
      await post(old.url);
      await sleep(BETWEEN_POSTS_MS);
    });
    expect(await migrationsRun()).toBe(before + newMigrations);
    for (let count = 0; count < 4 * TICKETS; count += 1) await post(count % 3 === 0 ? old.url : young.url);

    // Each sees what admins change at the other.
    const made = await api(young.url, 'POST', '/sources', { name: 'Second', provider: 'groove' });
    const second = new URL(String(made.body['hook_url'])).pathname;
    await waitUntil(async () => (await call(new URL(second, old.url).href, { method: 'GET' })).status === 200);
    await post(old.url, second);
    const elsewhere = posted.at(-1);
    const { body: listed } = await api(old.url, 'GET', '/deliveries?limit=1');
    expect((await api(young.url, 'GET', `/deliveries/${String(listed.data[0]?.['id'])}`)).status).toBe(200);

    // One that is started anew in the middle of it, or goes back to the version before, finds a schema that it can use.
    const again = await start(root);
    await post(again.url);
    await Promise.all([old.gateway.stop(), again.gateway.stop()]);
    for (let count = 0; count < TICKETS; count += 1) await post(young.url);

    await waitUntil(() => texts().length >= posted.length);
    expect([...texts()].sort()).toEqual([...posted].sort());
    for (let ticket = 0; ticket < TICKETS; ticket += 1) {
      // The second source's ticket is another one.
      const isOfTicket = (text: string): boolean => text.startsWith(`${ticket}.`) && text !== elsewhere;
      expect(texts().filter(isOfTicket)).toEqual(posted.filter(isOfTicket));
    }
  });
});
