import { type Answer, call, TestGateway } from '../../support/test-gateway.js';
import { makeKey } from './keys-client.js';

const WRONG = `dw_${'w'.repeat(43)}`;

describe('a key as it is presented', () => {
  let gateway: TestGateway;
  let auditorKey: string;

  beforeAll(async () => {
    gateway = await TestGateway.start();
    auditorKey = String((await makeKey(gateway, { role: 'auditor' }))['key']);
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const get = (headers: Record<string, string>): Promise<Answer> => call(`${gateway.url}/api/v1/sources`, { headers });
  const post = (headers: Record<string, string>): Promise<Answer> =>
    call(`${gateway.url}/api/v1/sources`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });

  it.each<[string, (key: string) => Record<string, string>]>([
    ['a bearer token', (key) => ({ authorization: `Bearer ${key}` })],
    ['whatever the case of its scheme', (key) => ({ authorization: `bEARER   ${key}` })],
    ['X-API-Key', (key) => ({ 'x-api-key': ` ${key} ` })],
    ['X-API-Key beside a scheme of somebody else', (key) => ({ authorization: 'Basic dTpw', 'x-api-key': key })],
    ['X-API-Key beside an empty token', (key) => ({ authorization: 'Bearer ', 'x-api-key': key })],
  ])('is taken as %s', async (_story, headers) => {
    expect((await get(headers(gateway.adminKey))).status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ['none', {}],
    ['an unknown one', { authorization: `Bearer ${WRONG}` }],
    ['an empty one', { 'x-api-key': '' }],
    ['one without its prefix', { 'x-api-key': 'w'.repeat(46) }],
    ['Basic', { authorization: `Basic ${Buffer.from(`x:${WRONG}`).toString('base64')}` }],
    ['a scheme that nobody knows', { authorization: `Key ${WRONG}` }],
    ['two words', { authorization: `Bearer ${WRONG} ${WRONG}` }],
    ['a very long one', { authorization: `Bearer dw_${'w'.repeat(998)}` }],
    ['an absurdly long one', { 'x-api-key': `dw_${'w'.repeat(12_000)}` }],
  ])('is not %s', async (_story, headers) => {
    const { status, body, headers: answered } = await get(headers);
    expect([status, answered.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'Send a valid API key as "Authorization: Bearer dw_…" or "X-API-Key: dw_…".',
      code: 'unauthorized',
    });
  });

  it('is the bearer token where there are two', async () => {
    const admin = gateway.adminKey;
    expect((await get({ authorization: `Bearer ${WRONG}`, 'x-api-key': admin })).status).toBe(401);
    expect((await get({ authorization: `Bearer ${admin}`, 'x-api-key': WRONG })).status).toBe(200);
    expect((await post({ authorization: `Bearer ${auditorKey}`, 'x-api-key': admin })).status).toBe(403);
    expect((await post({ authorization: `Bearer ${admin}`, 'x-api-key': auditorKey })).status).toBe(400);
  });

  it('is one key, not a list', async () => {
    const headers = new Headers({ 'x-api-key': gateway.adminKey });
    headers.append('x-api-key', gateway.adminKey);
    expect((await call(`${gateway.url}/api/v1/sources`, { headers })).status).toBe(401);
  });

  it('is judged before the body is: who has none learns nothing of it', async () => {
    const bodies: [string, string, number][] = [
      ['{', 'application/json', 400],
      ['name=x', 'application/x-www-form-urlencoded', 415],
      ['{}', 'nonsense', 415],
      ['{"name": "\\u0000"}', 'application/json', 400],
    ];
    for (const [body, type, expected] of bodies) {
      const send = async (headers: Record<string, string>): Promise<number> =>
        (
          await call(`${gateway.url}/api/v1/sources`, {
            method: 'POST',
            headers: { 'content-type': type, ...headers },
            body,
          })
        ).status;
      expect(await send({})).toBe(401);
      expect(await send({ 'x-api-key': auditorKey })).toBe(403);
      expect(await send({ 'x-api-key': gateway.adminKey })).toBe(expected);
    }
  });
});
