import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Cable } from '../support/cable.js';
import { FakeClock } from '../support/fake-clock.js';
import { MetricsText } from '../support/metrics-text.js';
import { ScriptedZulip } from '../support/scripted-zulip.js';
import { type Answer, call, TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const isInstalled = spawnSync('promtool', ['--version']).status === 0;
const withPromtool = isInstalled ? it : it.skip;
if (!isInstalled) console.warn('promtool is not installed (Debian: prometheus), so names of metrics are not checked.');

const SUPPORT = { destination: 'Support', kind: 'zulip' };

const file = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');

describe('/metrics', () => {
  const clock = new FakeClock();
  let gateway: TestGateway;
  let zulip: ScriptedZulip;
  let cable: Cable;
  let client: Client;
  let destinationId: string;
  let tickets = 0;

  beforeAll(async () => {
    zulip = await ScriptedZulip.start();
    gateway = await TestGateway.start({ SANDBOX: 'false', LEASE_SECONDS: '300' }, clock, {}, async (url) => {
      cable = await Cable.before(url);
      return cable.url;
    });
    client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    const settings = { site: zulip.site, email: 'bot@example.com', channel: 'support', max_requests_per_minute: 100 };
    const destination = { name: 'Support', kind: 'zulip', settings, secrets: { api_key: 'bot-key' } };
    destinationId = String((await gateway.api('POST', '/destinations', destination)).body['id']);
    await gateway.api('POST', '/routes', { name: 'All', matchers: [], destination_id: destinationId });
  });

  afterAll(async () => {
    await client.end();
    await gateway.stop();
    await cable.cut();
    await zulip.stop();
  });

  /** Asks after what was read of the database has grown old. */
  const ask = async (key = gateway.adminKey): Promise<Answer> => {
    clock.advance(6_000);
    return call(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  };
  const read = async (): Promise<MetricsText> => new MetricsText((await ask()).text);
  const ready = (key?: string): Promise<Answer> =>
    call(`${gateway.url}/health/ready`, { headers: { ...(key !== undefined && { 'x-api-key': key }) } });
  const post = (): Promise<Answer> => {
    tickets += 1;
    return gateway.groove('ticket_started', { number: tickets, title: `Ticket ${tickets}`, state: 'opened' });
  };
  /** The clock stands still until all has been sent: what took longer than a second to begin would be begun anew. */
  const ended = async (): Promise<MetricsText> => {
    await gateway.settledDeliveries();
    return read();
  };

  it('counts what came and what became of it', async () => {
    expect((await post()).status).toBe(202);
    await gateway.groove('ticket_started', { number: tickets, title: `Ticket ${tickets}`, state: 'opened' });
    await gateway.groove('made_up', {});
    await gateway.groove('ticket_started', '{');
    await call(`${gateway.url}/hooks/groove/unknown`, { method: 'POST' });
    await call(`${gateway.url}/hooks/made-up/unknown`, { method: 'POST' });
    await call(`${gateway.url}/hooks/groove/unknown`, {});
    await gateway.groove('ticket_started', 'x'.repeat(6_000_000));
    const ticket = { title: 'A', description: 'B', customer_email: 'a@example.com' };
    const key = { 'x-api-key': gateway.adminKey, 'content-type': 'application/json' };
    const integration = { method: 'POST', headers: key, body: JSON.stringify(ticket) };
    expect((await call(`${gateway.url}/api/integrations/webhook`, integration)).status).toBe(200);
    await call(`${gateway.url}/api/integrations/webhook/batch`, { ...integration, body: '[{}]' });
    await call(`${gateway.url}/api/integrations/webhook`, { ...integration, headers: {} });

    const metrics = await ended();
    expect(metrics.values('deskwire_webhooks_total')).toEqual({
      'groove accepted 202': 1,
      'groove duplicate 200': 1,
      'groove unsupported 200': 1,
      'groove unreadable_body 400': 1,
      'groove not_found 404': 1,
      'groove body_too_large 413': 1,
      'unknown not_found 404': 1,
      'generic accepted 200': 1,
      'generic invalid_payload 200': 1,
      'generic unauthorized 401': 1,
    });
    expect(metrics.values('deskwire_problems_total')).toMatchObject({ 'not_found 404': 3, 'body_too_large 413': 1 });
    // Six were written, what was refused too.
    expect(metrics.value('deskwire_commit_batch_webhooks_sum')).toBe(6);
    expect(metrics.value('deskwire_commit_duration_seconds_count')).toBeGreaterThan(0);
    expect(metrics.values('deskwire_deliveries_ended_total', SUPPORT)).toEqual({ 'delivered ': 2 });
    expect(metrics.values('deskwire_delivery_attempts_total', SUPPORT)).toEqual({ 'sent ': 2 });
    expect(metrics.value('deskwire_delivery_latency_seconds_count', SUPPORT)).toBe(2);
    expect(metrics.value('deskwire_delivery_attempt_duration_seconds_count', SUPPORT)).toBe(2);
    expect(metrics.value('deskwire_leases_held', SUPPORT)).toBe(1);
    expect(metrics.value('deskwire_ready')).toBe(1);
  });

  it('counts what was refused, and by how much the rate is used', async () => {
    zulip.answerNext({ status: 400, body: { result: 'error', code: 'BAD_REQUEST', msg: 'no' } });
    await post();
    const metrics = await ended();
    expect(metrics.values('deskwire_deliveries_ended_total', { ...SUPPORT, outcome: 'dead' })).toEqual({ invalid: 1 });
    expect(metrics.values('deskwire_delivery_attempts_total', SUPPORT)).toEqual({ 'sent ': 2, 'rejected invalid': 1 });
    expect(metrics.value('deskwire_rate_budget_limit_requests', SUPPORT)).toBe(100);
    expect(metrics.value('deskwire_rate_budget_left_requests', SUPPORT)).toBe(97);
  });

  it('tells what waits and since when, what is paused and what is disabled', async () => {
    await gateway.api('POST', `/destinations/${destinationId}/pause`, {});
    await post();
    await post();
    await post();
    const metrics = await read();
    expect(metrics.values('deskwire_backlog_deliveries', SUPPORT)).toEqual({ pending: 3 });
    expect(metrics.value('deskwire_backlog_oldest_age_seconds', SUPPORT)).toBeGreaterThanOrEqual(6);
    expect(metrics.values('deskwire_destination_pauses', SUPPORT)).toEqual({ paused: 1 });
    expect(metrics.value('deskwire_destination_disabled', SUPPORT)).toBe(0);
    expect(metrics.value('deskwire_backlog_reading_age_seconds')).toBe(0);
    const { body: waiting } = await gateway.api('GET', '/deliveries?state=pending&limit=1');
    const cancelled = `/deliveries/${String(waiting.data[0]?.['id'])}/cancel`;
    expect((await gateway.api('POST', cancelled)).status).toBe(200);
    const filter = { state: 'pending', destination_id: destinationId };
    expect((await gateway.api('POST', '/deliveries/cancel', { filter })).body['count']).toBe(2);
    const ofCancelled = { ...SUPPORT, outcome: 'cancelled' };
    expect((await read()).values('deskwire_deliveries_ended_total', ofCancelled)).toEqual({ cancelled: 3 });
    await post();
    await gateway.api('POST', `/destinations/${destinationId}/resume`, {});
    const after = await ended();
    expect(after.value('deskwire_backlog_deliveries', SUPPORT)).toBe(0);
    expect(after.value('deskwire_backlog_oldest_age_seconds', SUPPORT)).toBe(0);
    expect(after.value('deskwire_destination_pauses', SUPPORT)).toBeUndefined();
  });

  it('knows all subscribers as one, and forgets what is deleted or was called otherwise', async () => {
    for (const path of ['one', 'two']) {
      const body = JSON.stringify({ callback_url: `${zulip.site}/${path}` });
      const headers = { 'x-api-key': gateway.adminKey, 'content-type': 'application/json' };
      expect((await call(`${gateway.url}/webhooks/register`, { method: 'POST', headers, body })).status).toBeLessThan(
        300,
      );
    }
    await client.query(`update destinations set disabled_at = now() where is_subscriber`);
    const destination = { name: 'Another', kind: 'webhook', settings: { url: `${zulip.site}/another` } };
    const other = String((await gateway.api('POST', '/destinations', destination)).body['id']);
    const names = (metrics: MetricsText): string[] =>
      [...new Set(metrics.samples.flatMap(({ labels }) => labels['destination'] ?? []))].sort();
    const metrics = await read();
    expect(names(metrics)).toEqual(['Another', 'Support', 'subscribers']);
    expect(metrics.value('deskwire_destination_disabled', { kind: 'subscriber' })).toBe(2);

    await gateway.api('PATCH', `/destinations/${other}`, { name: 'Renamed' });
    await waitUntil(async () => names(await read()).join() === 'Renamed,Support,subscribers');
    await gateway.api('DELETE', `/destinations/${other}`);
    await waitUntil(async () => names(await read()).join() === 'Support,subscribers');
  });

  it('tells whether what runs silently does', async () => {
    const metrics = await waitUntil(async () => {
      const found = await read();
      return (found.value('deskwire_log_follower_lag_seconds') ?? Infinity) < 60 && found;
    });
    expect(metrics.value('deskwire_notifications_connected')).toBe(1);
    expect(metrics.value('deskwire_retention_failures_total')).toBe(0);
    expect(metrics.value('deskwire_webhooks_total', { provider: 'groove', outcome: 'stopping' })).toBe(0);
    // Nobody has looked yet, or there is none.
    expect(metrics.value('deskwire_partitions_ahead_months')).toBeUndefined();
    expect(metrics.value('deskwire_retention_last_success_timestamp_seconds')).toBeUndefined();
    expect(metrics.value('deskwire_replica_state')).toBeUndefined();
  });

  withPromtool('keeps to the conventions of Prometheus', async () => {
    const { text } = await ask();
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('is what docs/metrics.md says, name by name', async () => {
    const metrics = await read();
    const rows = [...file('docs/metrics.md').matchAll(/^\| `(deskwire_\w+)` +\| (\w+) +\| (.*?) +\| (.*?) +\|$/gm)];
    const documented = rows.map(([, name, type, , help]) => ({ name, type, help }));
    const byName = (one: { name?: string | undefined }, other: { name?: string | undefined }): number =>
      (one.name ?? '').localeCompare(other.name ?? '');
    const own = metrics.metrics.filter(({ name }) => name.startsWith('deskwire_'));
    expect(documented.sort(byName)).toEqual(own.sort(byName));
    const labelsOf = new Map(rows.map(([, name, , labels]) => [name, labels?.replaceAll('`', '').split(', ')]));
    for (const { name, labels } of metrics.samples.filter((sample) => sample.name.startsWith('deskwire_'))) {
      const { le: _bucket, ...others } = labels;
      const metric = own.find((each) => name.replace(/_(bucket|sum|count)$/, '') === each.name || name === each.name);
      expect([name, Object.keys(others)]).toEqual([name, labelsOf.get(metric?.name)?.filter((label) => label !== '')]);
    }
    const names = metrics.metrics.map(({ name }) => name);
    const others = [...file('docs/metrics.md').matchAll(/`((?:nodejs|process)_\w+)`/g)].map(([, name]) => name);
    expect(others.filter((name) => !names.includes(name ?? ''))).toEqual([]);
  });

  it.each(['monitoring/alerts.yml', 'monitoring/alerts.test.yml', 'monitoring/grafana-dashboard.json'])(
    'has everything that %s asks for',
    async (path) => {
      const names = (await read()).metrics.flatMap(({ name, type }) =>
        type === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name],
      );
      const asked = [...file(path).matchAll(/\b(?:deskwire|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);
      expect(asked.length).toBeGreaterThan(10);
      expect(asked.filter((name) => !names.includes(name))).toEqual([]);
    },
  );

  it('says with a key why a process is not ready, and without one only that it is not', async () => {
    const auditor = String((await gateway.api('POST', '/api-keys', { name: 'p', role: 'auditor' })).body['key']);
    expect((await ready()).body).toEqual({ status: 'ok' });
    expect((await ready('dw_wrong')).body).toEqual({ status: 'ok' });
    expect((await ready(auditor)).body).toEqual({
      status: 'ok',
      checks: {
        process: { ok: true, state: 'started' },
        database: { ok: true, milliseconds: expect.any(Number) },
        migrations: { ok: true, missing: [] },
        queue: { ok: true, webhooks: 0, bytes: 0, fill: 0 },
        leases: { ok: true, held: 1, heartbeat_age_seconds: expect.any(Number) },
      },
    });
    const live = await call(`${gateway.url}/health/live`, { headers: { 'x-api-key': auditor } });
    expect(live.body).toMatchObject({ status: 'ok', version: '0.1.0', role: 'all', event_loop: { max_ms: 0 } });
    expect((await call(`${gateway.url}/health/live`, {})).body).toEqual({ status: 'ok' });

    await client.query(`update migrations set name = 'x' || name where name = 'IndexLog1796100000000'`);
    const old = await ready(auditor);
    expect(old.status).toBe(503);
    expect(old.body).toMatchObject({
      status: 'unavailable',
      checks: { database: { ok: true }, migrations: { ok: false, missing: ['IndexLog1796100000000'] } },
    });
    await client.query(`update migrations set name = 'IndexLog1796100000000' where name like 'xIndexLog%'`);
    expect((await ready()).status).toBe(200);
  });

  it('is answered while the database is away, to those who have asked before', async () => {
    const known = await ask();
    expect(known.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const other = String((await gateway.api('POST', '/api-keys', { name: 'o', role: 'auditor' })).body['key']);
    await cable.cut();
    const away = await ask();
    expect(away.status).toBe(200);
    const metrics = new MetricsText(away.text);
    expect(metrics.value('deskwire_ready')).toBe(0);
    expect(metrics.value('deskwire_notifications_connected')).toBe(0);
    expect(metrics.values('deskwire_health_check')).toEqual({ process: 1, queue: 1, leases: 1 });
    expect(metrics.value('deskwire_backlog_deliveries', SUPPORT)).toBe(0);
    expect(metrics.value('deskwire_backlog_reading_age_seconds')).toBeGreaterThanOrEqual(6);
    expect((await ask(other)).status).toBe(503);
    expect((await gateway.api('GET', '/stats')).status).toBe(503);
    expect((await ready()).body).toEqual({ status: 'unavailable' });
    expect((await ready(gateway.adminKey)).body).toMatchObject({ checks: { database: { ok: false } } });

    // An hour later nobody can say any more whether the key is valid.
    clock.advance(3_600_000);
    expect((await ask()).status).toBe(503);
    await cable.mend();
    await waitUntil(async () => (await ask()).status === 200);
  });
});
