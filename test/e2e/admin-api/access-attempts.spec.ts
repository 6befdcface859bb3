import { FakeClock } from '../../support/fake-clock.js';
import { type Answer, call, TestGateway } from '../../support/test-gateway.js';
import { makeKey } from './keys-client.js';

/** Every address here is one that the proxy on this machine says. */
const PROXY = { TRUSTED_PROXIES: '127.0.0.1/32' };

describe('wrong keys', () => {
  let gateway: TestGateway;
  let clock: FakeClock;
  let addresses: number;

  beforeAll(async () => {
    clock = new FakeClock();
    gateway = await TestGateway.start(PROXY, clock);
    addresses = 0;
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const newAddress = (): string => `198.51.100.${(addresses += 1)}`;
  const present = (key: string | null, address: string, path = '/api/v1/sources'): Promise<Answer> =>
    call(gateway.url + path, {
      headers: { 'x-forwarded-for': address, ...(key !== null && { authorization: `Bearer ${key}` }) },
    });
  const guess = async (times: number, address: string, path?: string): Promise<number[]> => {
    const statuses: number[] = [];
    for (let number = 0; number < times; number += 1) {
      statuses.push((await present(`dw_wrong-${number}`, address, path)).status);
    }
    return statuses;
  };
  const twentyThen = (...statuses: number[]): number[] => [...Array<number>(20).fill(401), ...statuses];

  it('are refused from the twenty-first on, which is told when to come again', async () => {
    const address = newAddress();
    expect(await guess(21, address)).toEqual(twentyThen(429));
    const { status, body, headers } = await present('dw_wrong', address);
    expect([status, headers.get('retry-after')]).toEqual([429, '3']);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: 'Too many wrong API keys have come from your address.',
      code: 'too_many_attempts',
    });
    clock.advance(3_000);
    expect(await guess(2, address)).toEqual([401, 429]);
    clock.advance(60_000);
    expect(await guess(21, address)).toEqual(twentyThen(429));
  });

  it('are refused when they all come at once', async () => {
    const address = newAddress();
    const keys = Array.from({ length: 60 }, (_, number) => `dw_wrong-${number}`);
    const statuses = (await Promise.all(keys.map((key) => present(key, address)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual(twentyThen(...Array<number>(40).fill(429)));
  });

  it('count wherever a key is asked for', async () => {
    const address = newAddress();
    await guess(10, address, '/tickets');
    await guess(10, address, '/api/integrations/webhook/nowhere');
    expect((await guess(11, address, '/webhooks')).at(-1)).toBe(429);
  });

  it('are no requests without a key, nor any to where none is asked for', async () => {
    const address = newAddress();
    for (let number = 0; number < 30; number += 1) {
      expect((await present(null, address)).status).toBe(401);
      expect((await present('dw_wrong', address, '/health/live')).status).toBe(200);
    }
    expect(await guess(21, address)).toEqual(twentyThen(429));
    expect((await present(null, address)).status).toBe(401);
    expect((await present('dw_wrong', address, '/health/live')).status).toBe(200);
  });

  it('lock out nobody else, nor whoever was in from the same address', async () => {
    const address = newAddress();
    const { key, id } = await makeKey(gateway, {});
    expect((await present(String(key), address)).status).toBe(200);
    await guess(25, address);
    expect((await present(String(key), address)).status).toBe(200);
    expect((await present(gateway.adminKey, address)).status).toBe(429);
    expect((await present(gateway.adminKey, newAddress())).status).toBe(200);
    // Whoever was in stays in as long as the key is valid, not longer.
    expect((await gateway.api('DELETE', `/api-keys/${String(id)}`)).status).toBe(204);
    expect((await present(String(key), address)).status).toBe(401);
    expect((await present(String(key), address)).status).toBe(429);
  });

  it('are also those that were valid once', async () => {
    const address = newAddress();
    const { key, id } = await makeKey(gateway, {});
    await gateway.api('DELETE', `/api-keys/${String(id)}`);
    const statuses: number[] = [];
    for (let number = 0; number < 21; number += 1) statuses.push((await present(String(key), address)).status);
    expect(statuses).toEqual(twentyThen(429));
  });

  it('are not those whose role is too small', async () => {
    const address = newAddress();
    const { key } = await makeKey(gateway, {});
    const post = { method: 'POST', headers: { 'x-forwarded-for': address, 'x-api-key': String(key) } };
    for (let number = 0; number < 30; number += 1) {
      expect((await call(`${gateway.url}/api/v1/sources`, post)).status).toBe(403);
    }
  });

  it('count for a whole network of IPv6', async () => {
    await guess(20, '2001:db8:0:1::1');
    expect((await present('dw_wrong', '2001:db8:0:1:2::2')).status).toBe(429);
    expect((await present('dw_wrong', '2001:db8:0:2::1')).status).toBe(401);
  });
});
