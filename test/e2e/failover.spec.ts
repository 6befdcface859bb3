import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOOPBACK } from '../../src/outgoing/testing/loopback-policy.js';
import { Cable } from '../support/cable.js';
import { EmbeddedPostgresWorkshop } from '../support/embedded-postgres-process.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { onDatabase } from '../support/installation.js';
import { findPgBouncer, PgBouncer } from '../support/pgbouncer.js';
import { ReplicaPair } from '../support/replica-pair.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { type Answer, call } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const TICKETS = 6;
const BETWEEN_POSTS_MS = 20;
/** So long nobody is the primary; a cluster's own agents take longer to notice. */
const WITHOUT_PRIMARY_MS = 1_000;

interface Answered {
  at: number;
  status: number;
  retryAfter: string | null;
}

describe('another primary of the database', () => {
  const workshop = new EmbeddedPostgresWorkshop();
  const adminKey = `dw_${randomBytes(24).toString('hex')}`;
  let pair: ReplicaPair;
  /** The address that moves: of a proxy that asks who the primary is, or of a managed database. */
  let address: Cable;
  let bouncer: PgBouncer | undefined;
  let zulip: ScriptedZulip;
  let dataDir: string;
  let running: GatewayProcess[];
  let url: string;
  let hookPath: string;
  let answers: Answered[];
  let accepted: string[][];

  beforeAll(async () => {
    pair = await ReplicaPair.start(workshop, () => Promise.resolve());
    // What is accepted is on both, so that it outlives either.
    await onDatabase(pair.primary.url, async (client) => {
      await client.query("alter system set synchronous_standby_names = '*'");
      await client.query('select pg_reload_conf()');
    });
    address = await Cable.before(pair.primary.url);
    const program = await findPgBouncer();
    if (program) bouncer = await PgBouncer.start(program, address.url);
    zulip = await ScriptedZulip.start();
    dataDir = mkdtempSync(join(tmpdir(), 'deskwire-failover-'));
    running = ['api', 'worker'].map((role) => new GatewayProcess(dataDir, environment(role)));
    const [api] = running;
    [url] = (await Promise.all(running.map((gateway) => gateway.started()))) as [string, string];
    hookPath = new URL(/groove\s+(http\S+)/.exec(api?.output ?? '')?.[1] ?? '').pathname;
    answers = [];
    accepted = Array.from({ length: TICKETS }, () => []);
  });

  afterAll(async () => {
    await Promise.all(running.map((gateway) => gateway.stop()));
    await zulip.stop();
    await bouncer?.stop();
    await address.cut();
    await pair.stopReplica();
    await workshop.end();
    rmSync(dataDir, { recursive: true });
  });

  const environment = (role: string): Record<string, string> => ({
    ROLE: role,
    LEASE_SECONDS: '3',
    DATABASE_URL: bouncer?.urlOf(address.url) ?? address.url,
    DATABASE_DIRECT_URL: address.url,
    DATABASE_REPLICA_URL: pair.replicaUrl,
    ENCRYPTION_KEY: randomKey,
    ADMIN_API_KEY: adminKey,
    OUTBOUND_ALLOW: LOOPBACK,
    ZULIP_SITE: zulip.site,
    ZULIP_EMAIL: 'bot@example.com',
    ZULIP_API_KEY: 'key-of-the-bot',
    ZULIP_CHANNEL: 'support',
  });
  const randomKey = randomBytes(24).toString('hex');

  const api = (method: string, path: string, body?: object): Promise<Answer> =>
    call(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${adminKey}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });

  /** One after the other of each ticket, each repeated until it is taken, as helpdesks do. */
  const postUntil = async (signal: AbortSignal): Promise<void> => {
    await Promise.all(
      accepted.map(async (texts, ticket) => {
        for (let count = 0; !signal.aborted; count += 1) {
          const text = `${ticket}.${count}`;
          while ((await post(ticket, text)) >= 500) await sleep(BETWEEN_POSTS_MS);
          texts.push(text);
          await sleep(BETWEEN_POSTS_MS);
        }
      }),
    );
  };

  const post = async (ticket: number, text: string): Promise<number> => {
    const { status, headers } = await call(new URL(hookPath, url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-groove-event': 'customer_replied' },
      body: JSON.stringify({
        id: `reply-${text}`,
        plain_text_body: text,
        links: { ticket: { href: `/v1/tickets/${ticket}` }, author: { href: '/v1/customers/c@example.com' } },
      }),
    });
    answers.push({ at: performance.now(), status, retryAfter: headers.get('retry-after') });
    return status;
  };

  /** Whoever was the primary is cut off from everybody but its replica, which becomes the primary. */
  const failOver = async (): Promise<number> => {
    await address.cut();
    await sleep(WITHOUT_PRIMARY_MS);
    await onDatabase(pair.replicaUrl, async (client) => {
      await client.query('select pg_promote()');
    });
    address.leadTo(pair.replicaUrl);
    await address.mend();
    return performance.now();
  };

  it('is found by processes that run: nothing accepted is lost, doubled or shuffled, and who must come back is told so', async () => {
    const ending = new AbortController();
    const posting = postUntil(ending.signal);
    await waitUntil(() => zulip.taken.length > TICKETS);
    const mendedAt = await failOver();
    await waitUntil(() => answers.some(({ at, status }) => at > mendedAt && status === 202));
    await sleep(500);
    ending.abort();
    await posting;

    // None at all where the network lets the first new connection wait instead of refusing it.
    const meanwhile = answers.filter(({ status }) => status !== 202 && status !== 200);
    for (const answer of meanwhile) expect(answer).toMatchObject({ status: 503, retryAfter: '5' });

    const texts = (): string[] => zulip.taken.flatMap(({ content }) => content.match(/\d+\.\d+/g) ?? []);
    await waitUntil(() => texts().length >= accepted.flat().length);
    expect(accepted.map((_, ticket) => texts().filter((text) => text.startsWith(`${ticket}.`)))).toEqual(accepted);
  });

  it('is listened to, and what was its replica is not asked as one any more', async () => {
    const { body: destination } = await api('POST', '/destinations', {
      name: 'Elsewhere',
      kind: 'zulip',
      settings: { site: zulip.site, email: 'bot@example.com', channel: 'elsewhere' },
      secrets: { api_key: 'key-of-the-bot' },
    });
    await api('POST', '/routes', { name: 'All of them', destination_id: destination['id'], matchers: [] });
    expect(await post(0, 'later')).toBe(202);
    await waitUntil(() => zulip.taken.some(({ to }) => to === 'elsewhere'));
    await waitUntil(async () => {
      const { body } = await api('GET', '/stats');
      return (body['replica'] as { state: string }).state === 'not_a_replica';
    });
    expect((await api('GET', '/deliveries?limit=1')).body.data).toHaveLength(1);
    expect((await call(`${url}/health/ready`, {})).status).toBe(200);
  });
});
