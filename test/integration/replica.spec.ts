import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { validateEnvironment } from '../../src/config/validate-environment.js';
import { AuditDatabase } from '../../src/database/audit-database.js';
import { migrate } from '../../src/database/migrate.js';
import type { RunningGateway } from '../../src/start-gateway.js';
import { MetricsText } from '../support/metrics-text.js';
import { EmbeddedPostgresWorkshop } from '../support/embedded-postgres-process.js';
import { FakeClock } from '../support/fake-clock.js';
import { ReplicaPair } from '../support/replica-pair.js';
import { startWatchedGateway } from '../support/start-watched-gateway.js';
import { call } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const LOOK_MS = 5_000;

describe('a replica of the database', () => {
  const workshop = new EmbeddedPostgresWorkshop();
  const clock = new FakeClock();
  let pair: ReplicaPair;
  let audit: AuditDatabase;

  beforeAll(async () => {
    // It says what is going wrong here on purpose.
    Logger.overrideLogger(false);
    pair = await ReplicaPair.start(workshop, async (url) => {
      await migrate(url, new Date());
    });
    audit = new AuditDatabase(pair.primary.url, { url: pair.replicaUrl, mostLagSeconds: 3_600, clock });
    await audit.start();
  });

  afterAll(async () => {
    await audit.close();
    await pair.stopReplica();
    await workshop.end();
  });

  /** Whether the answer came from it. */
  const asksReplica = async (of = audit): Promise<boolean> => {
    const [row] = await of.query<{ is_replica: boolean }>({ text: 'select pg_is_in_recovery() as is_replica' }, []);
    return row?.is_replica === true;
  };
  const looked = (state: string, of = audit): Promise<unknown> =>
    waitUntil(() => {
      clock.advance(LOOK_MS);
      return Promise.resolve(of.replicaStatus?.state === state);
    });

  it('answers what auditors ask, while the primary answers what must not be behind', async () => {
    await looked('in_use');
    expect(await asksReplica()).toBe(true);
    const [row] = await audit.primary.query<{ is_replica: boolean }>(
      { text: 'select pg_is_in_recovery() as is_replica' },
      [],
    );
    expect(row).toEqual({ is_replica: false });
    expect(audit.replicaStatus).toEqual({ state: 'in_use', lag_seconds: expect.any(Number) });
  });

  it('is not asked while it is too far behind, and is again when it has caught up', async () => {
    const strict = new AuditDatabase(pair.primary.url, { url: pair.replicaUrl, mostLagSeconds: 1, clock });
    await strict.start();
    const replica = new Client({ connectionString: pair.replicaUrl });
    const primary = new Client({ connectionString: pair.primary.url });
    await Promise.all([replica.connect(), primary.connect()]);
    await primary.query('create table ahead (n int)');
    await waitUntil(async () => (await replica.query("select where to_regclass('ahead') is not null")).rowCount === 1);
    await looked('in_use', strict);
    await replica.query('select pg_wal_replay_pause()');
    await primary.query('insert into ahead values (1)');
    await looked('lagging', strict);
    expect(await asksReplica(strict)).toBe(false);
    expect(strict.replicaStatus?.lag_seconds).toBeGreaterThan(1);
    expect(await asksReplica()).toBe(true);
    await replica.query('select pg_wal_replay_resume()');
    await looked('in_use', strict);
    expect(await asksReplica(strict)).toBe(true);
    await Promise.all([replica.end(), primary.end(), strict.close()]);
  });

  it('is not missed by a question when it goes away, and is used again when it is back', async () => {
    await looked('in_use');
    await pair.stopReplica();
    expect(await asksReplica()).toBe(false);
    expect(audit.replicaStatus).toEqual({ state: 'away', lag_seconds: null });
    clock.advance(LOOK_MS);
    expect(await asksReplica()).toBe(false);
    await pair.startReplica();
    await looked('in_use');
    expect(await asksReplica()).toBe(true);
  });

  it('that is none is not believed', async () => {
    const mistaken = new AuditDatabase(pair.primary.url, { url: pair.primary.url, mostLagSeconds: 1, clock });
    await mistaken.start();
    expect(mistaken.replicaStatus).toEqual({ state: 'not_a_replica', lag_seconds: null });
    await mistaken.close();
  });

  it('shows what a gateway writes, and what it does not have yet is asked of the primary', async () => {
    const adminKey = `dw_${randomBytes(24).toString('hex')}`;
    const environment = validateEnvironment({
      PORT: '0',
      SANDBOX: 'true',
      ADMIN_API_KEY: adminKey,
      DATABASE_URL: pair.primary.url,
      DATABASE_REPLICA_URL: pair.replicaUrl,
      ENCRYPTION_KEY: randomBytes(24).toString('hex'),
    });
    const gateway: RunningGateway = await startWatchedGateway({
      environment,
      databaseUrl: pair.primary.url,
      encryptionKey: environment.ENCRYPTION_KEY ?? '',
    });
    const get = async (path: string): ReturnType<typeof call> =>
      call(`${gateway.url}/api/v1${path}`, { headers: { authorization: `Bearer ${adminKey}` } });
    const replica = new Client({ connectionString: pair.replicaUrl });
    await replica.connect();
    await replica.query('select pg_wal_replay_pause()');
    const hook = gateway.firstStart.newSources.find(({ provider }) => provider === 'groove')?.hook_url ?? '';
    const webhook = await call(hook, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-groove-event': 'ticket_started' },
      body: JSON.stringify({ number: 9, title: 'The printer is on fire' }),
    });
    const [id] = webhook.body['event_ids'] as string[];
    expect((await get('/events')).body.data).toEqual([]);
    expect((await get(`/events/${String(id)}?include=deliveries`)).body).toMatchObject({
      id,
      deliveries: [{ event_id: id }],
    });
    await replica.query('select pg_wal_replay_resume()');
    await waitUntil(async () => (await get('/events')).body.data.length === 1);
    expect((await get('/stats')).body['replica']).toEqual({ state: 'in_use', lag_seconds: expect.any(Number) });
    const metrics = await call(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${adminKey}` } });
    expect(new MetricsText(metrics.text).values('deskwire_replica_state')).toEqual({ in_use: 1 });
    await replica.end();
    await gateway.stop();
  });
});
