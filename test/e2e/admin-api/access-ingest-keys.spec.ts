import { FakeClock } from '../../support/fake-clock.js';
import { type Answer, TestGateway } from '../../support/test-gateway.js';
import { ask, makeKey } from './keys-client.js';

const TICKET = { subject: 'Printer', description: 'On fire', priority: 'high' };
/** Every address here is one that the proxy on this machine says. */
const PROXY = { TRUSTED_PROXIES: '127.0.0.1/32' };

describe('an ingest key keeps to what its source allows', () => {
  let gateway: TestGateway;
  let clock: FakeClock;
  let sources = 0;

  beforeAll(async () => {
    clock = new FakeClock();
    gateway = await TestGateway.start(PROXY, clock);
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const makeSource = async (settings: object): Promise<{ id: string; key: string }> => {
    const body = { name: `Mapped ${(sources += 1)}`, provider: 'generic', settings };
    const id = String((await gateway.api('POST', '/sources', body)).body['id']);
    return { id, key: String((await makeKey(gateway, { role: 'ingest', source_id: id }))['key']) };
  };

  const post = (key: string, from = '198.51.100.1', path = '/api/integrations/webhook'): Promise<Answer> =>
    ask(gateway, 'POST', path, { key, body: TICKET, headers: { 'x-forwarded-for': from } });
  const outcome = ({ status, body }: Answer): unknown => [status, body['code']];

  it('its addresses', async () => {
    const { key } = await makeSource({ allowed_ips: ['198.51.100.0/28', '2001:db8::/32'] });
    expect((await post(key, '198.51.100.15')).status).toBe(200);
    expect((await post(key, '2001:db8::1')).status).toBe(200);
    expect(outcome(await post(key, '198.51.100.16'))).toEqual([403, 'address_not_allowed']);
    const tickets = { key, headers: { 'x-forwarded-for': '198.51.100.16' } };
    expect(outcome(await ask(gateway, 'GET', '/tickets', tickets))).toEqual([403, 'address_not_allowed']);
  });

  it('its rate', async () => {
    const { key } = await makeSource({ rate_limit_per_minute: 2 });
    const { key: other } = await makeSource({ rate_limit_per_minute: 2 });
    expect([(await post(key)).status, (await post(key)).status]).toEqual([200, 200]);
    const refused = await post(key);
    expect([...(outcome(refused) as unknown[]), refused.headers.get('retry-after')]).toEqual([
      429,
      'rate_limited',
      '30',
    ]);
    expect((await post(other)).status).toBe(200);
    clock.advance(30_000);
    expect([(await post(key)).status, (await post(key)).status]).toEqual([200, 429]);
  });

  it('its being disabled, and enabled again', async () => {
    const { id, key } = await makeSource({});
    await gateway.api('PATCH', `/sources/${id}`, { disabled: true });
    for (const path of ['/api/integrations/webhook', '/api/integrations/webhook/batch', '/tickets']) {
      expect(outcome(await post(key, undefined, path))).toEqual([403, 'source_disabled']);
    }
    await gateway.api('PATCH', `/sources/${id}`, { disabled: false });
    expect((await post(key)).status).toBe(200);
  });

  it('but its role first, and the key before', async () => {
    const { key } = await makeSource({ allowed_ips: ['198.51.100.1'] });
    const elsewhere = { key, headers: { 'x-forwarded-for': '198.51.100.2' } };
    expect(outcome(await ask(gateway, 'GET', '/api/v1/sources', elsewhere))).toEqual([403, 'forbidden']);
    expect(outcome(await ask(gateway, 'GET', '/tickets', { ...elsewhere, key: 'dw_wrong' }))).toEqual([
      401,
      'unauthorized',
    ]);
  });
});
