import { randomBytes } from 'node:crypto';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import { type RunningGateway, startGateway } from '../../src/start-gateway.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { createTestDatabase, type TestDatabase } from '../support/template-database.js';
import { call } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

describe('an api process and a worker on one database', () => {
  const encryptionKey = randomBytes(24).toString('hex');
  let database: TestDatabase;
  let zulip: ScriptedZulip;
  let running: RunningGateway[];

  beforeEach(async () => {
    database = await createTestDatabase();
    zulip = await ScriptedZulip.start();
    running = [];
  });

  afterEach(async () => {
    for (const gateway of running) await gateway.stop();
    await zulip.stop();
    await database.drop();
  });

  const start = async (role: string): Promise<RunningGateway> => {
    const environment = validateEnvironment({
      PORT: '0',
      ROLE: role,
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
      ENCRYPTION_KEY: encryptionKey,
      ZULIP_SITE: zulip.site,
      ZULIP_EMAIL: 'bot@example.com',
      ZULIP_API_KEY: 'k',
      ZULIP_CHANNEL: 'support',
    });
    const gateway = await startGateway({ environment, databaseUrl: database.url, encryptionKey });
    running.push(gateway);
    return gateway;
  };

  it('the one takes webhooks, the other delivers them, and makes nothing that is shown once', async () => {
    const worker = await start('worker');
    expect(worker.firstStart).toMatchObject({ adminKey: null, newSources: [], newDestination: null });
    const api = await start('api');
    expect(api.firstStart).toMatchObject({ adminKey: expect.stringMatching(/^dw_/), newDestination: 'zulip' });
    const hookUrl = api.firstStart.newSources[0]?.hook_url ?? '';
    const hook = {
      method: 'POST',
      headers: { 'x-groove-event': 'ticket_started' },
      body: '{"number": 1, "title": "Shared"}',
    };
    expect((await call(hookUrl, hook)).status).toBe(202);
    // The worker was started before there was any destination; it polls, and reads the list again when it finds work.
    await waitUntil(() => zulip.taken.length === 1);
    expect(zulip.taken[0]).toMatchObject({ to: 'support', topic: '#1 Shared' });
    expect((await call(hookUrl.replace(api.url, worker.url), hook)).status).toBe(404);
    expect((await call(`${worker.url}/health/ready`, {})).status).toBe(200);

    const asked = { headers: { authorization: `Bearer ${api.firstStart.adminKey ?? ''}` } };
    expect((await call(`${worker.url}/metrics`, {})).status).toBe(401);
    const [taken, delivered] = await Promise.all(
      [api, worker].map(async ({ url }) => (await call(`${url}/metrics`, asked)).text.split('\n')),
    );
    expect(taken).toContain('deskwire_webhooks_total{provider="groove",outcome="accepted",status="202"} 1');
    expect(taken).toContain('deskwire_info{version="0.1.0",role="api"} 1');
    expect(delivered).toContain('deskwire_leases_held{destination="Zulip",kind="zulip"} 1');
    expect(delivered).toContain(
      'deskwire_deliveries_ended_total{destination="Zulip",kind="zulip",outcome="delivered",reason=""} 1',
    );
    expect(taken?.filter((line) => line.startsWith('deskwire_deliveries_ended_total{'))).toEqual([]);
    // This server names no limit.
    expect(delivered?.filter((line) => line.startsWith('deskwire_rate_budget_limit_requests{'))).toEqual([]);
    // What waits is told by each.
    const nothing = 'deskwire_backlog_deliveries{destination="Zulip",kind="zulip",state="pending"} 0';
    expect([taken?.includes(nothing), delivered?.includes(nothing)]).toEqual([true, true]);
  });
});
