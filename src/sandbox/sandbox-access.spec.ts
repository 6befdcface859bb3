import { API_KEY, EMAIL, SandboxServer } from './testing/sandbox-server.js';

let server: SandboxServer;

beforeEach(async () => {
  server = await SandboxServer.start();
});

afterEach(() => server.stop());

describe('access', () => {
  it('is not there until it is opened', async () => {
    expect((await server.send()).status).toBe(404);
    expect((await server.call('GET', '/api/v1/server_settings')).status).toBe(404);
    server.open();
    expect((await server.send()).status).toBe(200);
  });

  it.each([
    ['a wrong key', `${EMAIL}:wrong`, 'Invalid API key'],
    ['an empty key', `${EMAIL}:`, 'Invalid API key'],
    ['another bot', `other@sandbox.invalid:${API_KEY}`, 'Invalid API key'],
    ['no key', EMAIL, 'Invalid authorization header for basic auth'],
    ['too many parts', `${EMAIL}:${API_KEY}:more`, 'Invalid authorization header for basic auth'],
  ])('is refused to %s', async (_, key, msg) => {
    server.open();
    const { status, headers, body } = await server.call('GET', '/api/v1/users/me', {}, key);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Basic realm="zulip"');
    expect(headers.get('x-ratelimit-limit')).toBeNull();
    expect(body).toEqual({ result: 'error', msg, code: 'UNAUTHORIZED' });
  });

  it('is refused without credentials and by any other scheme', async () => {
    server.open();
    const without = await fetch(`${server.url}/api/v1/users/me`);
    expect([without.status, await without.json()]).toEqual([
      401,
      {
        result: 'error',
        msg: 'Not logged in: API authentication or user session required',
        code: 'UNAUTHORIZED',
      },
    ]);
    const { status, body } = await server.call('GET', '/api/v1/users/me', { headers: { authorization: 'Bearer x' } });
    expect([status, body['code']]).toEqual([400, 'BAD_REQUEST']);
  });

  it('is given whatever the case of the email', async () => {
    server.open();
    expect((await server.call('GET', '/api/v1/users/me', {}, `BOT@sandbox.invalid:${API_KEY}`)).status).toBe(200);
  });

  it('answers in the shape of Zulip at unknown addresses too', async () => {
    server.open();
    for (const [method, path] of [
      ['GET', '/api/v1/streams'],
      ['POST', '/api/v1/users/me'],
      ['DELETE', '/api/v1/messages/1'],
      ['GET', ''],
    ] as const) {
      const { status, body } = await server.call(method, path);
      expect([method, path, status, body]).toEqual([
        method,
        path,
        404,
        { result: 'error', msg: 'Not found', code: 'BAD_REQUEST' },
      ]);
    }
  });
});

describe('the rate limit', () => {
  it('counts on every answer, refuses what is beyond, and lets in after the time it told', async () => {
    server.open({ rateLimit: 3 });
    const first = await server.call('GET', '/api/v1/users/me');
    server.clock.advance(10_500);
    const second = await server.send({ content: '' });
    const third = await server.send();
    const limits = [first, second, third].map(({ status, headers }) => [
      status,
      headers.get('x-ratelimit-limit'),
      headers.get('x-ratelimit-remaining'),
      Number(headers.get('x-ratelimit-reset')) - Math.floor(server.clock.now().getTime() / 1_000),
    ]);
    expect(limits).toEqual([
      [200, '3', '2', 50],
      [400, '3', '1', 60],
      [200, '3', '0', 60],
    ]);

    const refused = await server.send();
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({
      result: 'error',
      msg: 'API usage exceeded rate limit',
      code: 'RATE_LIMIT_HIT',
      'retry-after': 49.5,
    });
    expect(refused.headers.get('retry-after')).toBe('49.5');
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');

    server.clock.advance(49_499);
    const whole = await server.send();
    expect([whole.status, whole.body['retry-after'], whole.headers.get('retry-after')]).toEqual([429, 0.001, '0.001']);
    server.clock.advance(1);
    expect((await server.send()).status).toBe(200);
  });

  it('is 200 a minute unless said otherwise', async () => {
    server.sandbox.configure({ email: EMAIL, apiKey: API_KEY });
    expect((await server.call('GET', '/api/v1/users/me')).headers.get('x-ratelimit-limit')).toBe('200');
  });

  it('prints whole seconds as floats, as Zulip does', async () => {
    server.open({ rateLimit: 1 });
    await server.send();
    expect((await server.send()).headers.get('retry-after')).toBe('60.0');
  });
});

describe('what a client asks first', () => {
  it('is who it is, where a channel is, and what server this is', async () => {
    server.open();
    expect((await server.call('GET', '/api/v1/users/me')).body).toMatchObject({
      result: 'success',
      user_id: 1,
      email: EMAIL,
      is_bot: true,
    });
    expect((await server.get('/api/v1/get_stream_id', { stream: 'support' })).body).toEqual({
      result: 'success',
      msg: '',
      stream_id: 1,
    });
    const none = await server.get('/api/v1/get_stream_id', { stream: 'missing-x' });
    expect([none.status, none.body]).toEqual([
      400,
      { result: 'error', msg: "Invalid channel name 'missing-x'", code: 'BAD_REQUEST' },
    ]);
    expect((await server.get('/api/v1/get_stream_id', {})).body).toMatchObject({ code: 'REQUEST_VARIABLE_MISSING' });
    const settings = await fetch(`${server.url}/api/v1/server_settings`);
    expect(settings.headers.get('x-ratelimit-limit')).toBeNull();
    expect(await settings.json()).toMatchObject({ result: 'success', realm_url: server.url, zulip_feature_level: 367 });
  });
});
