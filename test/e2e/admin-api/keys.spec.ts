import { Client } from 'pg';
import { FakeClock } from '../../support/fake-clock.js';
import { type Answer, TestGateway } from '../../support/test-gateway.js';
import { ask, changesOf, makeKey } from './keys-client.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(NOW + days * DAY_MS).toISOString();
const UNKNOWN = '01890000-0000-7000-8000-000000000000';

describe('API keys', () => {
  let gateway: TestGateway;
  let clock: FakeClock;
  let sourceId: string;

  beforeAll(async () => {
    clock = new FakeClock(NOW);
    gateway = await TestGateway.start({}, clock);
    const sources = await gateway.api('GET', '/sources');
    sourceId = String(sources.body.data.find(({ provider }) => provider === 'generic')?.['id']);
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const status = async (key: string | undefined): Promise<number> =>
    (await gateway.api('GET', '/sources', undefined, String(key))).status;
  const patch = (id: string | undefined, body: unknown, headers?: Record<string, string>): Promise<Answer> =>
    ask(gateway, 'PATCH', `/api/v1/api-keys/${String(id)}`, { body, ...(headers && { headers }) });
  const revoke = (id: string | undefined, headers?: Record<string, string>): Promise<Answer> =>
    ask(gateway, 'DELETE', `/api/v1/api-keys/${String(id)}`, headers && { headers });

  it('are made, shown once, and listed without what opens doors', async () => {
    const body = { name: ' Import ', role: 'ingest', source_id: sourceId, expires_at: '2026-04-01T02:00:00+02:00' };
    const made = await ask(gateway, 'POST', '/api/v1/api-keys', { body });
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"1"']);
    const view = {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Import',
      role: 'ingest',
      source_id: sourceId,
      expires_at: '2026-04-01T00:00:00.000Z',
      last_used_at: null,
      revoked_at: null,
      version: 1,
      created_at: '2026-03-01T12:00:00.000Z',
    };
    expect(made.body).toEqual({ ...view, key: expect.stringMatching(/^dw_[\w-]{43}$/) });
    const shown = await gateway.api('GET', `/api-keys/${String(made.body['id'])}`);
    expect([shown.body, shown.headers.get('etag')]).toEqual([view, '"1"']);
    const list = await gateway.api('GET', '/api-keys?limit=1');
    expect(list.body.data).toEqual([view]);
    const [change] = await changesOf(gateway, String(made.body['id']));
    expect(change).toMatchObject({
      by: { via: 'api', key_name: 'ADMIN_API_KEY', address: '127.0.0.1' },
      action: 'create',
      subject: { kind: 'api_key', id: made.body['id'], name: 'Import' },
      before: null,
      after: {
        name: 'Import',
        role: 'ingest',
        source_id: sourceId,
        expires_at: '2026-04-01T00:00:00.000Z',
        revoked_at: null,
      },
    });
    expect(JSON.stringify(change)).not.toContain(String(made.body['key']).slice(3));
  });

  it('may share a name, so that one can be replaced without a gap', async () => {
    const [one, two] = [await makeKey(gateway, { name: 'Twin' }), await makeKey(gateway, { name: 'Twin' })];
    expect([await status(one['key']), await status(two['key'])]).toEqual([200, 200]);
  });

  it.each<[string, object, string]>([
    ['without a name', { name: undefined }, 'name'],
    ['with a blank name', { name: ' \u200b ' }, 'name'],
    ['with a name of 101 characters', { name: 'x'.repeat(101) }, 'name'],
    ['with a number for a name', { name: 1 }, 'name'],
    ['with an unknown role', { role: 'root' }, 'role'],
    ['with a list of roles', { role: ['admin'] }, 'role'],
    ['for ingest without a source', { role: 'ingest' }, 'source_id'],
    ['for an admin with a source', { role: 'admin', source_id: UNKNOWN }, 'source_id'],
    ['for a source that is not there', { role: 'ingest', source_id: UNKNOWN }, 'source_id'],
    ['for a source that is no id', { role: 'ingest', source_id: 'generic' }, 'source_id'],
    ['that expires now', { expires_at: '2026-03-01T12:00:00Z' }, 'expires_at'],
    ['that expires some day', { expires_at: 'some day' }, 'expires_at'],
    ['that expires at a number', { expires_at: 1_900_000_000 }, 'expires_at'],
    ['with a field of its own', { key: 'dw_mine' }, 'key'],
  ])('are not made %s', async (_story, fields, field) => {
    const before = (await gateway.api('GET', '/api-keys?limit=500')).body.data.length;
    const { status, body } = await gateway.api('POST', '/api-keys', { name: 'x', role: 'auditor', ...fields });
    expect([status, body['code']]).toEqual([400, 'validation_failed']);
    expect(new Set((body['errors'] as { field: string }[]).map((error) => error.field))).toEqual(new Set([field]));
    expect((await gateway.api('GET', '/api-keys?limit=500')).body.data).toHaveLength(before);
  });

  it('are not made for a source that was deleted, and are for one that is disabled', async () => {
    const source = await gateway.api('POST', '/sources', { name: 'Short-lived', provider: 'generic' });
    const id = String(source.body['id']);
    await gateway.api('PATCH', `/sources/${id}`, { disabled: true });
    expect((await makeKey(gateway, { role: 'ingest', source_id: id }))['source_id']).toBe(id);
    const other = await gateway.api('POST', '/sources', { name: 'Shorter-lived', provider: 'generic' });
    expect((await gateway.api('DELETE', `/sources/${String(other.body['id'])}`)).status).toBe(204);
    const fields = { name: 'x', role: 'ingest', source_id: other.body['id'] };
    const { status, body } = await gateway.api('POST', '/api-keys', fields);
    expect([status, body['detail']]).toEqual([400, 'source_id: there is no such source']);
  });

  it('are made once, however often a request with an Idempotency-Key is sent', async () => {
    const post = (name: string): Promise<Answer> =>
      ask(gateway, 'POST', '/api/v1/api-keys', {
        body: { name, role: 'auditor' },
        headers: { 'idempotency-key': 'one-auditor' },
      });
    const first = await post('Once');
    const { key, ...rest } = first.body;
    expect(key).toMatch(/^dw_/);
    const again = await post('Once');
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, rest, 'true']);
    const other = await post('Another');
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
  });

  it('are renamed, and told from older versions', async () => {
    const { id } = await makeKey(gateway, { name: 'Old' });
    const renamed = await patch(id, { name: 'New' }, { 'if-match': '"1"' });
    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(renamed.body).toMatchObject({ id, name: 'New', version: 2, expires_at: null });
    const late = await patch(id, { name: 'Newer' }, { 'if-match': '"1"' });
    expect([late.status, late.body['code']]).toEqual([412, 'precondition_failed']);
    const odd = await patch(id, { name: 'Newer' }, { 'if-match': '1' });
    expect([odd.status, odd.body['code']]).toEqual([400, 'invalid_if_match']);
    const same = await patch(id, { name: 'New', expires_at: null });
    expect([same.status, same.body['version']]).toEqual([200, 2]);
    expect((await changesOf(gateway, id)).map(({ action, before, after }) => [action, before, after])).toEqual([
      ['create', null, expect.objectContaining({ name: 'Old' })],
      ['update', expect.objectContaining({ name: 'Old' }), expect.objectContaining({ name: 'New' })],
    ]);
  });

  it.each<[string, object]>([
    ['a blank name', { name: ' ' }],
    ['no name', { name: null }],
    ['an expiry that is over', { expires_at: '2026-02-28' }],
    ['another role', { role: 'admin' }],
    ['another source', { source_id: UNKNOWN }],
    ['a list', []],
  ])('do not change to %s', async (_story, body) => {
    const { id } = await makeKey(gateway, { name: 'Stays' });
    const answer = await patch(id, body);
    expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
    expect((await gateway.api('GET', `/api-keys/${String(id)}`)).body).toMatchObject({ name: 'Stays', version: 1 });
  });

  it('end when they expire, and go on when that is put off', async () => {
    const { id, key } = await makeKey(gateway, { expires_at: inDays(1) });
    expect(await status(key)).toBe(200);
    clock.advance(DAY_MS - 1);
    expect(await status(key)).toBe(200);
    clock.advance(1);
    expect(await status(key)).toBe(401);
    // What is left as it is need not be in the future.
    expect((await patch(id, { name: 'Late', expires_at: inDays(1) })).status).toBe(200);
    expect(await status(key)).toBe(401);
    expect((await patch(id, { expires_at: null })).body).toMatchObject({ expires_at: null, version: 3 });
    expect(await status(key)).toBe(200);
  });

  it('are revoked at once, stay listed, and stay as they are', async () => {
    const { id, key } = await makeKey(gateway, { name: 'Leaked' });
    expect(await status(key)).toBe(200);
    expect((await revoke(id, { 'if-match': '"7"' })).status).toBe(412);
    const { status: code, text } = await revoke(id, { 'if-match': '"1"' });
    expect([code, text]).toEqual([204, '']);
    expect(await status(key)).toBe(401);
    const revokedAt = clock.now().toISOString();
    clock.advance(1_000);
    expect((await revoke(id)).status).toBe(204);
    expect((await revoke(id, { 'if-match': '"1"' })).status).toBe(204);
    const changed = await patch(id, { name: 'Back' });
    expect([changed.status, changed.body['code']]).toEqual([409, 'key_revoked']);
    expect((await gateway.api('GET', `/api-keys/${String(id)}`)).body).toMatchObject({
      name: 'Leaked',
      revoked_at: revokedAt,
      version: 2,
    });
    expect((await changesOf(gateway, id)).map(({ action, after }) => [action, after])).toEqual([
      ['create', expect.objectContaining({ revoked_at: null })],
      ['revoke', expect.objectContaining({ name: 'Leaked', revoked_at: revokedAt })],
    ]);
  });

  it('are not there under another id', async () => {
    for (const answer of [await patch(UNKNOWN, { name: 'x' }), await revoke(UNKNOWN)]) {
      expect([answer.status, answer.body['code']]).toEqual([404, 'not_found']);
    }
    expect((await patch('1', {})).body['code']).toBe('invalid_id');
  });

  it('say when they were used, to the minute', async () => {
    const { id, key } = await makeKey(gateway, {});
    const lastUsed = async (): Promise<unknown> =>
      (await gateway.api('GET', `/api-keys/${String(id)}`)).body['last_used_at'];
    const first = clock.now().toISOString();
    await Promise.all([status(key), status(key), status(key)]);
    expect(await lastUsed()).toBe(first);
    clock.advance(59_999);
    await status(key);
    expect(await lastUsed()).toBe(first);
    clock.advance(1);
    await status(key);
    expect(await lastUsed()).toBe(clock.now().toISOString());
    expect((await gateway.api('GET', `/api-keys/${String(id)}`)).body['version']).toBe(1);
  });

  it('write that they were used once a minute, however many requests come at once', async () => {
    const { id, key } = await makeKey(gateway, {});
    const client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    await client.query(`
      create table uses (id uuid);
      create function note() returns trigger language plpgsql as 'begin insert into uses values (new.id); return null; end';
      create trigger note after update on api_keys for each row execute function note()`);
    const statuses = await Promise.all(Array.from({ length: 50 }, () => status(key)));
    const { rows } = await client.query('select id from uses where id = $1', [id]);
    await client.end();
    expect([new Set(statuses), rows]).toEqual([new Set([200]), [{ id }]]);
  });
});
