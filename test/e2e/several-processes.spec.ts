import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import { DestinationDirectory } from '../../src/destinations/destination-directory.js';
import { LOOPBACK } from '../../src/outgoing/testing/loopback-policy.js';
import type { RunningGateway } from '../../src/start-gateway.js';
import { startWatchedGateway } from '../support/start-watched-gateway.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { type Answer, call } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

describe('what an admin changes in one process', () => {
  const encryptionKey = randomBytes(24).toString('hex');
  const adminKey = `dw_${randomBytes(24).toString('hex')}`;
  let database: TestDatabase;
  let running: RunningGateway[];
  let here: RunningGateway;
  let there: RunningGateway;

  const start = async (role: string): Promise<RunningGateway> => {
    const environment = validateEnvironment({
      PORT: '0',
      ROLE: role,
      DATABASE_URL: database.url,
      ENCRYPTION_KEY: encryptionKey,
      ADMIN_API_KEY: adminKey,
      OUTBOUND_ALLOW: LOOPBACK,
    });
    const gateway = await startWatchedGateway({ environment, databaseUrl: database.url, encryptionKey });
    running.push(gateway);
    return gateway;
  };

  beforeEach(async () => {
    database = await createTestDatabase();
    running = [];
    here = await start('api');
    there = await start('api');
  });

  afterEach(async () => {
    for (const gateway of running) await gateway.stop();
    await database.drop();
  });

  const send = (method: string, path: string, body?: unknown): Promise<Answer> =>
    call(`${here.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  const post = async (path: string, body: unknown): Promise<Answer['body']> => {
    const answer = await send('POST', path, body);
    expect(answer.status).toBe(201);
    return answer.body;
  };

  const makeSource = async (): Promise<string> => {
    const source = await post('/sources', { name: 'Second', provider: 'groove' });
    return String(source['hook_url']).replace(here.url, there.url);
  };

  const makeRoute = async (): Promise<string> => {
    const destination = await post('/destinations', {
      name: 'Elsewhere',
      kind: 'zulip',
      settings: { site: 'http://127.0.0.1:2', email: 'bot@example.com', channel: 'support' },
      secrets: { api_key: 'k' },
    });
    await post('/routes', { name: 'All', destination_id: destination['id'], matchers: [] });
    return String(destination['id']);
  };

  let number = 0;
  const hook = (url: string): Promise<Answer> =>
    call(url, {
      method: 'POST',
      headers: { 'x-groove-event': 'ticket_started' },
      body: JSON.stringify({ number: (number += 1), title: 'Shared' }),
    });

  it('another one takes webhooks by: a source, then a destination and a route', async () => {
    const url = await makeSource();
    await waitUntil(async () => (await hook(url)).status === 202);
    expect((await hook(url)).body['deliveries']).toBe(0);
    await makeRoute();
    await waitUntil(async () => (await hook(url)).body['deliveries'] === 1);
  });

  it('a worker knows: a destination', async () => {
    const worker = await start('worker');
    const id = await makeRoute();
    await waitUntil(() => worker.app.get(DestinationDirectory, { strict: false }).find(id) !== undefined);
  });

  describe('another one judges the next event by: a route', () => {
    let url: string;
    let first: Answer['body'];
    let second: Answer['body'];

    /** Names of the routes by which a webhook that is posted there goes. */
    const judges = async (): Promise<string[]> => {
      const [id] = (await hook(url)).body['event_ids'] as string[];
      const { body } = await send('GET', `/events/${String(id)}?include=deliveries`);
      const deliveries = body['deliveries'] as { route_id: string }[];
      return deliveries.map(({ route_id: routeId }) => (routeId === first['id'] ? 'first' : 'second'));
    };

    const soonJudgedBy = (...names: string[]): Promise<true> =>
      waitUntil(async () => JSON.stringify(await judges()) === JSON.stringify(names));

    beforeEach(async () => {
      url = await makeSource();
      await makeRoute();
      const [route] = (await send('GET', '/routes')).body.data;
      first = route as Answer['body'];
      second = await post('/routes', { name: 'Second', destination_id: first['destination_id'], matchers: [] });
      await waitUntil(async () => (await hook(url)).body['deliveries'] === 2);
    });

    it.each<[string, () => Promise<Answer>, string[]]>([
      [
        'that matches less',
        () => send('PATCH', routePath(first), { matchers: [{ field: 'type', op: 'eq', value: 'ping' }] }),
        ['second'],
      ],
      ['that says stop', () => send('PATCH', routePath(first), { settings: { stop: true } }), ['first']],
      ['that is moved', () => send('PATCH', routePath(first), { position: 2 }), ['second', 'first']],
      ['that is disabled', () => send('PATCH', routePath(second), { disabled: true }), ['first']],
      ['that is deleted', () => send('DELETE', routePath(first)), ['second']],
      [
        'that has another place among all',
        () => send('POST', '/routes/reorder', { ids: [second['id'], first['id']] }),
        ['second', 'first'],
      ],
    ])('%s', async (_what, change, names) => {
      expect(await judges()).toEqual(['first', 'second']);
      expect((await change()).status).toBeLessThan(300);
      await soonJudgedBy(...names);
    });

    it('that is changed while events come: each is judged by one state, whole', async () => {
      const done = new AbortController();
      const flipping = (async () => {
        for (let round = 0; !done.signal.aborted; round += 1) {
          const ids = round % 2 === 0 ? [second['id'], first['id']] : [first['id'], second['id']];
          expect((await send('POST', '/routes/reorder', { ids })).status).toBe(200);
        }
      })();
      const seen = new Set<string>();
      for (let round = 0; round < 40; round += 1) seen.add((await judges()).join(' '));
      done.abort();
      await flipping;
      expect([...seen].every((order) => ['first second', 'second first'].includes(order))).toBe(true);
    });
  });

  it('another one learns after a loss, also what was said meanwhile', async () => {
    const url = await makeSource();
    await waitUntil(async () => (await hook(url)).status === 202);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    // Announced to nobody: the triggers are off while nobody listens.
    await client.query('alter table sources disable trigger user; alter table destinations disable trigger user');
    await client.query('alter table route_revisions disable trigger user');
    await makeRoute();
    expect((await hook(url)).body['deliveries']).toBe(0);
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'deskwire-listen' and datname = current_database()",
    );
    await client.end();
    await waitUntil(async () => (await hook(url)).body['deliveries'] === 1);
  });

  it('reads its own writes at once', async () => {
    await makeRoute();
    const url = (await makeSource()).replace(there.url, here.url);
    expect(await hook(url)).toMatchObject({ status: 202, body: { deliveries: 1 } });
  });
});

function routePath(route: Record<string, unknown>): string {
  return `/routes/${String(route['id'])}`;
}
