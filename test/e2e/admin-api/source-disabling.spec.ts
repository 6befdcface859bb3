import { randomBytes } from 'node:crypto';
import { validateEnvironment } from '../../../src/config/validate-environment.js';
import { startWatchedGateway } from '../../support/start-watched-gateway.js';
import { createTestDatabase } from '../../support/template-database.js';
import { type Answer, call, TestGateway } from '../../support/test-gateway.js';
import { FakeClock } from '../../support/fake-clock.js';
import { waitUntil } from '../../support/wait-until.js';

const HOUR_MS = 3_600_000;

describe('disabling a source', () => {
  let gateway: TestGateway;
  let clock: FakeClock;
  let made = 0;

  beforeAll(async () => {
    clock = new FakeClock();
    gateway = await TestGateway.start({}, clock);
  });
  afterAll(() => gateway.stop());

  const createSource = async (more: object = {}, provider = 'groove'): Promise<Answer['body']> => {
    const answer = await gateway.api('POST', '/sources', { name: `Shut ${(made += 1)}`, provider, ...more });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const patch = (source: Answer['body'], body: object): Promise<Answer> =>
    gateway.api('PATCH', `/sources/${String(source['id'])}`, body);
  const hook = (source: Answer['body']): Promise<Answer> =>
    call(String(source['hook_url']), {
      method: 'POST',
      headers: { 'x-groove-event': 'ticket_started' },
      body: JSON.stringify({ number: (made += 1), title: 'Shut' }),
    });

  it('makes its hook unknown until it is enabled again', async () => {
    const source = await createSource();
    const disabled = await patch(source, { disabled: true });
    expect(disabled.body).toMatchObject({ disabled_at: clock.now().toISOString(), version: 2 });
    const refused = await hook(source);
    const unknown = await call(`${gateway.url}/hooks/groove/nosuch`, { method: 'POST' });
    expect([refused.status, refused.body]).toEqual([404, unknown.body]);
    expect((await call(String(source['hook_url']), {})).status).toBe(404);

    const enabled = await patch(source, { disabled: false });
    expect(enabled.body).toMatchObject({ disabled_at: null, version: 3 });
    expect((await hook(source)).status).toBe(202);
  });

  it('is done as of the time that is given', async () => {
    const at = new Date(clock.now().getTime() - HOUR_MS).toISOString();
    const source = await createSource({ disabled_at: at });
    expect(source).toMatchObject({ disabled_at: at, version: 1 });
    expect((await hook(source)).status).toBe(404);
    // Disabled already: nothing changes.
    expect((await patch(source, { disabled: true })).body).toMatchObject({ disabled_at: at, version: 1 });
    const earlier = new Date(clock.now().getTime() - 2 * HOUR_MS).toISOString();
    expect((await patch(source, { disabled_at: earlier })).body).toMatchObject({ disabled_at: earlier, version: 2 });
    expect((await patch(source, { disabled_at: null })).body).toMatchObject({ disabled_at: null, version: 3 });
    expect((await hook(source)).status).toBe(202);
  });

  it.each<[string, () => object, string]>([
    ['a time in the future', () => ({ disabled_at: new Date(clock.now().getTime() + 1).toISOString() }), 'disabled_at'],
    ['no time', () => ({ disabled_at: 'yesterday' }), 'disabled_at'],
    ['a number', () => ({ disabled_at: 5 }), 'disabled_at'],
    ['a word for yes', () => ({ disabled: 'yes' }), 'disabled'],
    ['null', () => ({ disabled: null }), 'disabled'],
    ['both fields', () => ({ disabled: true, disabled_at: null }), 'disabled'],
  ])('is refused for %s, when a source is made and when it is changed', async (_story, fields, named) => {
    const source = await createSource();
    const before = await gateway.api('GET', '/sources?limit=500');
    const answers = [
      await patch(source, fields()),
      await gateway.api('POST', '/sources', { name: 'Refused', provider: 'groove', ...fields() }),
    ];
    for (const { status, body } of answers) {
      expect([status, body['code']]).toEqual([400, 'validation_failed']);
      expect((body['errors'] as { field: string }[]).map(({ field }) => field)).toContain(named);
    }
    expect((await gateway.api('GET', '/sources?limit=500')).body).toEqual(before.body);
    expect((await hook(source)).status).toBe(202);
  });

  it('shuts out its keys, at every endpoint that takes them', async () => {
    const [generic, desk] = [await createSource({}, 'generic'), await createSource({}, 'ticket-desk')];
    const calls: [string, string, string, unknown?][] = [];
    for (const [source, paths] of [
      [
        generic,
        [
          ['POST', '/api/integrations/webhook'],
          ['POST', '/api/integrations/webhook/batch'],
          ['GET', '/tickets'],
        ],
      ],
      [
        desk,
        [
          ['POST', '/tickets'],
          ['GET', '/tickets'],
          ['GET', '/webhooks'],
          ['POST', '/webhooks/ping'],
          ['GET', '/service'],
        ],
      ],
    ] as const) {
      const key = { name: 'Key', role: 'ingest', source_id: source['id'] };
      const { body } = await gateway.api('POST', '/api-keys', key);
      for (const [method, path] of paths) calls.push([method, path, String(body['key'])]);
      await patch(source, { disabled: true });
    }
    for (const [method, path, key] of calls) {
      const { status, body } = await call(`${gateway.url}${path}`, { method, headers: { 'x-api-key': key } });
      expect([path, status, body['code']]).toEqual([path, 403, 'source_disabled']);
    }
    await patch(generic, { disabled: false });
    const [, , key] = calls[0] as [string, string, string];
    const ticket = { title: 'Open again', description: 'x' };
    const again = await call(`${gateway.url}/api/integrations/webhook`, {
      method: 'POST',
      headers: { 'x-api-key': key },
      body: JSON.stringify(ticket),
    });
    expect([again.status, again.body['title']]).toEqual([200, 'Open again']);
  });

  it('is told to other processes at once, and so is whatever else opens or shuts its door', async () => {
    const [adminKey, encryptionKey] = [`dw_${randomBytes(24).toString('hex')}`, randomBytes(24).toString('hex')];
    const database = await createTestDatabase();
    const { url: databaseUrl } = database;
    const parts = { PORT: '0', ROLE: 'api', ADMIN_API_KEY: adminKey, DATABASE_URL: databaseUrl };
    const environment = validateEnvironment({ ...parts, ENCRYPTION_KEY: encryptionKey });
    const here = await startWatchedGateway({ environment, databaseUrl, encryptionKey });
    const there = await startWatchedGateway({ environment, databaseUrl, encryptionKey });
    const api = (method: string, path: string, body?: object): Promise<Answer> =>
      call(`${here.url}/api/v1/sources${path}`, {
        method,
        headers: { 'x-api-key': adminKey, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
    const answers = async (source: Answer['body'], status: number): Promise<void> => {
      const elsewhere = { ...source, hook_url: String(source['hook_url']).replace(here.url, there.url) };
      await waitUntil(async () => (await hook(elsewhere as Answer['body'])).status === status);
    };
    try {
      const { body: source } = await api('POST', '', { name: 'Shared', provider: 'groove' });
      const path = `/${String(source['id'])}`;
      await answers(source, 202);
      await api('PATCH', path, { disabled: true });
      await answers(source, 404);
      await api('PATCH', path, { disabled: false });
      await answers(source, 202);
      await api('PATCH', path, { settings: { allowed_ips: ['192.0.2.1'] } });
      await answers(source, 403);
      const { body: rotated } = await api('POST', `${path}/rotate-token`, { grace_seconds: 0 });
      await answers(source, 404);
      await api('PATCH', path, { settings: { allowed_ips: null } });
      await answers(rotated, 202);
      expect((await api('DELETE', path)).status).toBe(204);
      await answers(rotated, 404);
    } finally {
      await Promise.all([here.stop(), there.stop()]);
      await database.drop();
    }
  });
});
