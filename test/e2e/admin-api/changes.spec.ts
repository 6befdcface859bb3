import { type Answer, call, TestGateway } from '../../support/test-gateway.js';

describe('the record of changes', () => {
  let gateway: TestGateway;
  let destinationId: string;

  beforeAll(async () => {
    gateway = await TestGateway.start({ TRUSTED_PROXIES: '127.0.0.1' });
    const { body } = await gateway.api('POST', '/destinations', {
      name: 'Hook',
      kind: 'webhook',
      settings: { url: `${gateway.url}/x?token=of-the-receiver` },
    });
    destinationId = String(body['id']);
  });
  afterAll(() => gateway.stop());

  const changes = async (query: string): Promise<Answer['body']['data']> =>
    (await gateway.api('GET', `/changes?${query}`)).body.data;
  const rename = (name: string, forwardedFor?: string): Promise<Answer> =>
    call(`${gateway.url}/api/v1/destinations/${destinationId}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${gateway.adminKey}`,
        'content-type': 'application/json',
        ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
      },
      body: JSON.stringify({ name }),
    });

  it('has what a start made, by nobody', async () => {
    const made = await changes('via=start&limit=50');
    expect(made.map(({ action, subject }) => [action, (subject as { kind: string; name: string }).kind])).toEqual([
      ['create', 'api_key'],
      ...Array.from({ length: 5 }, () => ['create', 'source']),
      ['create', 'route'],
      ['create', 'destination'],
    ]);
    expect(made.every(({ by }) => (by as { key_id: unknown }).key_id === null)).toBe(true);
  });

  it('says who changed what, as it was and as it is, and shows no secret', async () => {
    await rename('Renamed', '198.51.100.7');
    const [change] = await changes(`subject_id=${destinationId}&action=update`);
    expect(change).toEqual({
      id: expect.any(String),
      request_id: expect.any(String),
      at: expect.any(String),
      by: { via: 'api', key_id: expect.any(String), key_name: 'ADMIN_API_KEY', address: '198.51.100.7' },
      action: 'update',
      subject: { kind: 'destination', id: destinationId, name: 'Renamed' },
      before: expect.objectContaining({ name: 'Hook', secrets: { signing_secret: '***' } }),
      after: expect.objectContaining({ name: 'Renamed', secrets: { signing_secret: '***' } }),
    });
    expect((await gateway.api('GET', `/changes/${String(change?.['id'])}`)).body).toEqual(change);
    expect(JSON.stringify(await changes('limit=500'))).not.toMatch(/of-the-receiver|whsec_/);
  });

  it.each([
    ['junk<script>', null],
    ['x'.repeat(5_000), null],
    ['192.0.2.1:99', '192.0.2.1'],
    ['2001:db8::7', '2001:db8::7'],
  ])('keeps of what a proxy passes on only what is an address: %.20s', async (forwardedFor, address) => {
    await rename(`From ${forwardedFor.slice(0, 10)}`, forwardedFor);
    const [change] = await changes(`subject_id=${destinationId}&limit=1`);
    expect((change?.['by'] as { address: unknown }).address).toBe(address);
  });

  it('is narrowed by each of its filters', async () => {
    const [latest] = await changes('limit=1');
    const {
      id,
      request_id: requestId,
      at,
      by,
    } = latest as { id: string; request_id: string; at: string; by: { key_id: string } };
    const idsOf = async (query: string): Promise<unknown[]> =>
      (await changes(`${query}&limit=500`)).map((each) => each['id']);
    const all = await idsOf('');
    for (const query of [
      'kind=destination',
      `key_id=${by.key_id}`,
      `request_id=${requestId}`,
      'via=api',
      `since=${at}`,
    ]) {
      const found = await idsOf(query);
      expect([query, found[0], found.length < all.length]).toEqual([query, id, true]);
    }
    expect(await idsOf(`until=${at}`)).not.toContain(id);
    expect(await idsOf('kind=source&action=delete')).toEqual([]);
  });

  it.each([
    'kind=user',
    'via=mail',
    'action=Robert%27)',
    'key_id=me',
    'since=yesterday',
    'since=2026-02-01&until=2026-01-01',
    'colour=red',
  ])('refuses %s', async (query) => {
    expect((await gateway.api('GET', `/changes?${query}`)).status).toBe(400);
  });

  it('cannot be written to', async () => {
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
      expect((await gateway.api(method, '/changes')).status).toBe(404);
    }
  });
});
