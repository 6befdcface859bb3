import { TestGateway } from '../../support/test-gateway.js';

describe('keys and roles of the admin API', () => {
  let gateway: TestGateway;
  let auditorKey: string;
  let ingestKey: string;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    const sources = await gateway.api('GET', '/sources');
    const auditor = await gateway.api('POST', '/api-keys', { name: 'Auditor', role: 'auditor' });
    const ingest = await gateway.api('POST', '/api-keys', {
      name: 'Ingest',
      role: 'ingest',
      source_id: sources.body.data[0]?.['id'],
    });
    auditorKey = String(auditor.body['key']);
    ingestKey = String(ingest.body['key']);
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const lists = ['/sources', '/destinations', '/routes', '/api-keys', '/events', '/deliveries'];
  const posts = ['/sources', '/destinations', '/routes', '/api-keys'];

  it.each(lists)('GET %s: admins and auditors read, others do not', async (path) => {
    expect((await gateway.api('GET', path)).status).toBe(200);
    expect((await gateway.api('GET', path, undefined, auditorKey)).status).toBe(200);
    expect((await gateway.api('GET', path, undefined, ingestKey)).status).toBe(403);
    expect((await gateway.api('GET', path, undefined, null)).status).toBe(401);
    expect((await gateway.api('GET', path, undefined, 'dw_wrong')).status).toBe(401);
  });

  it.each(posts)('POST %s: admins alone write', async (path) => {
    expect((await gateway.api('POST', path, {}, auditorKey)).status).toBe(403);
    expect((await gateway.api('POST', path, {}, ingestKey)).status).toBe(403);
    expect((await gateway.api('POST', path, {}, null)).status).toBe(401);
    expect((await gateway.api('POST', path, {})).status).toBe(400);
  });

  it('takes the key in X-API-Key as well', async () => {
    const response = await fetch(`${gateway.url}/api/v1/sources`, { headers: { 'x-api-key': gateway.adminKey } });
    expect(response.status).toBe(200);
  });

  it.each(['/health/live', '/health/ready', '/docs-json', '/docs'])('%s needs no key', async (path) => {
    expect((await fetch(gateway.url + path)).status).toBe(200);
  });

  it('shows a key once, and stores nothing that it could be made of', async () => {
    const { body } = await gateway.api('POST', '/api-keys', { name: 'Once', role: 'auditor' });
    expect(body['key']).toMatch(/^dw_[\w-]{43}$/);
    const { body: again } = await gateway.api('GET', `/api-keys/${String(body['id'])}`);
    expect(again).toMatchObject({ name: 'Once', role: 'auditor', source_id: null, revoked_at: null });
    expect(JSON.stringify(again)).not.toContain(String(body['key']).slice(3));
  });

  it.each<[string, object]>([
    ['an ingest key without a source', { name: 'x', role: 'ingest' }],
    ['an admin key with a source', { name: 'x', role: 'admin', source_id: '00000000-0000-7000-8000-000000000000' }],
    ['a key that expired before it was made', { name: 'x', role: 'auditor', expires_at: '2020-01-01T00:00:00Z' }],
    ['an unknown role', { name: 'x', role: 'root' }],
  ])('refuses %s', async (_story, body) => {
    expect((await gateway.api('POST', '/api-keys', body)).status).toBe(400);
  });

  it('refuses what is not JSON', async () => {
    const post = (body: string, type: string): Promise<Response> =>
      fetch(`${gateway.url}/api/v1/sources`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': type },
      });
    expect((await post('{', 'application/json')).status).toBe(400);
    expect((await post('name=x', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await post('{"__proto__": {"admin": true}}', 'application/json')).status).toBe(400);
  });
});
