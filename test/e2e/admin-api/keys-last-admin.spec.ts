import { Client } from 'pg';
import { FakeClock } from '../../support/fake-clock.js';
import { type Answer, TestGateway } from '../../support/test-gateway.js';
import { ask, changesOf, makeKey } from './keys-client.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(NOW + days * DAY_MS).toISOString();

describe('the last admin key', () => {
  let gateway: TestGateway;
  let clock: FakeClock;
  let ownId: string;

  beforeEach(async () => {
    clock = new FakeClock(NOW);
    gateway = await TestGateway.start({}, clock);
    ownId = String((await gateway.api('GET', '/api-keys')).body.data[0]?.['id']);
  });

  afterEach(async () => {
    await gateway.stop();
  });

  const revoke = (id: string | undefined, key?: string): Promise<Answer> =>
    ask(gateway, 'DELETE', `/api/v1/api-keys/${String(id)}`, key === undefined ? {} : { key });
  const expire = (id: string | undefined, at: string | null): Promise<Answer> =>
    gateway.api('PATCH', `/api-keys/${String(id)}`, { expires_at: at });
  const outcome = ({ status, body }: Answer): unknown => [status, body['code']];
  const LAST = [409, 'last_admin_key'];

  it('is not revoked, nor ends some day, while others are no admins', async () => {
    await makeKey(gateway, { role: 'auditor' });
    expect(outcome(await revoke(ownId))).toEqual(LAST);
    expect(outcome(await expire(ownId, inDays(1_000)))).toEqual(LAST);
    const { body } = await gateway.api('GET', `/api-keys/${ownId}`);
    expect(body).toMatchObject({ version: 1, expires_at: null, revoked_at: null });
    expect(await changesOf(gateway, ownId)).toHaveLength(1);
    expect((await gateway.api('PATCH', `/api-keys/${ownId}`, { name: 'Renamed' })).status).toBe(200);
  });

  it('revokes itself when it is not the last, and then the other one is', async () => {
    const other = await makeKey(gateway, { role: 'admin' });
    expect((await revoke(ownId)).status).toBe(204);
    expect((await revoke(other['id'])).status).toBe(401);
    expect(outcome(await revoke(other['id'], other['key']))).toEqual(LAST);
  });

  it('is the one that outlives the others', async () => {
    const other = await makeKey(gateway, { role: 'admin', expires_at: inDays(10) });
    expect(outcome(await expire(ownId, inDays(20)))).toEqual(LAST);
    expect((await expire(ownId, inDays(9))).status).toBe(200);
    expect(outcome(await expire(other['id'], inDays(9)))).toEqual(LAST);
    // Put off is never too late.
    expect((await expire(ownId, inDays(9.5))).status).toBe(200);
    expect(await expire(other['id'], inDays(9))).toMatchObject({ status: 200, body: { expires_at: inDays(9) } });
    expect((await expire(other['id'], null)).status).toBe(200);
    expect((await revoke(ownId)).status).toBe(204);
  });

  it('is not counted twice: one that has expired is none', async () => {
    const other = await makeKey(gateway, { role: 'admin', expires_at: inDays(1) });
    clock.advance(DAY_MS);
    expect(outcome(await revoke(ownId))).toEqual(LAST);
    expect((await revoke(other['id'])).status).toBe(204);
  });

  it('is left by two who revoke each other at once', async () => {
    const other = await makeKey(gateway, { role: 'admin' });
    const lock = new Client({ connectionString: gateway.databaseUrl });
    await lock.connect();
    // Both are let in, and stand before the rows that they want to change.
    await lock.query('begin');
    await lock.query('select from api_keys for update');
    const both = Promise.all([revoke(other['id']), revoke(ownId, other['key'])]);
    await waitForTwo(lock);
    await lock.query('commit');
    await lock.end();
    const outcomes = (await both).map(outcome);
    expect(outcomes).toContainEqual([204, undefined]);
    expect(outcomes).toContainEqual(LAST);
  });
});

/** @returns when two transactions wait for a lock in the database */
async function waitForTwo(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ waiting: number }>(
      `select count(distinct pid)::int as waiting from pg_locks
       where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`,
    );
    if ((rows[0]?.waiting ?? 0) >= 2) return;
  }
}
