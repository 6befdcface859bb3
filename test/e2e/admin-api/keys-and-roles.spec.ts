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

  const lists = ['/sources', '/destinations', '/routes', '/api-keys', '/events', '/deliveries', '/changes'];
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

  it.each(['/health/live', '/health/ready', '/docs-json', '/docs'])('%s needs no key', async (path) => {
    expect((await fetch(gateway.url + path)).status).toBe(200);
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
