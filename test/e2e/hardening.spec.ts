import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { logWatch } from '../support/log-watch.js';
import { type Answer, call, TestGateway } from '../support/test-gateway.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MEGABYTE = 1_048_576;

describe('what every answer comes with', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });

  afterAll(() => gateway.stop());

  const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    call(gateway.url + path, { headers });
  const namesOf = ({ headers }: Answer): string[] =>
    [...headers.keys()].filter((name) => !['date', 'connection', 'keep-alive', 'content-length'].includes(name));

  it('at a hook that takes something: nothing beside what it is', async () => {
    const answer = await gateway.groove('ticket_started', { number: 1, title: 'Any' });
    expect(namesOf(answer)).toEqual(['content-type']);
  });

  it('anywhere else, and where a hook refuses: what it is, and by what the log calls it', async () => {
    const answers = [await get('/health/live'), await get('/nowhere'), await get('/hooks/groove/unknown')];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 404]);
    for (const answer of [...answers, await gateway.groove('ticket_started', 'nonsense')]) {
      expect(namesOf(answer)).toEqual(['content-type', 'x-content-type-options', 'x-request-id']);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('x-request-id')).toMatch(UUID);
    }
  });

  it('from the API: nothing for caches', async () => {
    for (const path of ['/api/v1/sources', '/api/v1/nowhere']) {
      expect((await get(path)).headers.get('cache-control')).toBe('no-store');
    }
  });

  it('keeps the id that a proxy gave a request, unless that could not stand in a log', async () => {
    const idOf = async (given: string): Promise<string | null> =>
      (await get('/health/live', { 'x-request-id': given })).headers.get('x-request-id');
    expect(await idOf('edge-7.42_a')).toBe('edge-7.42_a');
    expect(await idOf('x'.repeat(65))).toMatch(UUID);
    expect(await idOf('"quoted"')).toMatch(UUID);
  });

  it('tells no browser that it may read across origins', async () => {
    const origin = { origin: 'https://elsewhere.example.com' };
    const asked = await call(`${gateway.url}/api/v1/sources`, {
      method: 'OPTIONS',
      headers: { ...origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    });
    expect(asked.status).toBe(404);
    const read = await get('/api/v1/sources', { ...origin, authorization: `Bearer ${gateway.adminKey}` });
    expect(read.status).toBe(200);
    for (const answer of [asked, read, await get('/docs', origin)]) {
      expect(namesOf(answer).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  describe('the pages of the API’s description', () => {
    const policyOf = (answer: Answer): Map<string, string[]> =>
      new Map(
        (answer.headers.get('content-security-policy') ?? '').split(';').map((directive) => {
          const [name = '', ...sources] = directive.trim().split(' ');
          return [name, sources];
        }),
      );

    it.each(['/docs', '/docs/', '/docs/index.html', '/docs/swagger-ui-bundle.js', '/docs/swagger-ui-init.js'])(
      '%s: a policy that lets in what is ours alone',
      async (path) => {
        const answer = await get(path);
        expect(answer.status).toBe(200);
        expect(policyOf(answer)).toEqual(
          new Map([
            ['default-src', ["'none'"]],
            ['script-src', ["'self'"]],
            ['style-src', ["'self'", expect.stringMatching(/^'sha256-/), expect.stringMatching(/^'sha256-/)]],
            ['img-src', ["'self'", 'data:']],
            ['connect-src', ["'self'"]],
            ['base-uri', ["'none'"]],
            ['form-action', ["'none'"]],
            ['frame-ancestors', ["'none'"]],
          ]),
        );
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          'x-frame-options': 'DENY',
          'referrer-policy': 'no-referrer',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
          'x-content-type-options': 'nosniff',
        });
        expect(answer.headers.get('strict-transport-security')).toBeNull();
      },
    );

    it('and a page that keeps to it', async () => {
      const page = await get('/docs');
      const styles = [...page.text.matchAll(/<style>([^<]*)<\/style>/g)].map(
        ([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
      );
      expect(policyOf(page).get('style-src')).toEqual(["'self'", ...styles]);
      expect(page.text.match(/<script[^>]*>/g)).toEqual([
        '<script src="./docs/swagger-ui-bundle.js">',
        '<script src="./docs/swagger-ui-standalone-preset.js">',
        '<script src="./docs/swagger-ui-init.js">',
      ]);
      expect(page.text).not.toMatch(/<[^>]* on\w+=|javascript:|https?:\/\/(?!www\.w3\.org\/)/);
      const asked = await get('/docs/swagger-ui-init.js');
      expect(asked.text).toContain('"validatorUrl": null');
    });

    it('leave everything else as it is', async () => {
      for (const path of ['/docs-json', '/health/live', '/api/v1/sources', '/nowhere']) {
        expect((await get(path)).headers.get('content-security-policy')).toBeNull();
      }
    });
  });

  describe('compressed bodies', () => {
    /** A thousand times as large as it looks. */
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(20 * MEGABYTE)));
    const post = (path: string, encoding: string, headers: Record<string, string> = {}): Promise<Answer> =>
      call(gateway.url + path, {
        method: 'POST',
        headers: { ...headers, 'content-encoding': encoding, 'content-type': 'application/json' },
        body: bomb,
      });

    it.each(['gzip', 'deflate', 'br', 'GZIP', 'gzip, gzip', 'identity, gzip', 'nonsense'])(
      '%s: refused by name at every door',
      async (encoding) => {
        const admin = { authorization: `Bearer ${gateway.adminKey}` };
        const hook = new URL(gateway.hookUrl('groove')).pathname;
        const doors = [hook, '/hooks/groove/unknown', '/api/integrations/webhook', '/api/v1/sources', '/tickets'];
        for (const path of doors) {
          const answer = await post(path, encoding, admin);
          expect([answer.status, answer.body['code']]).toEqual([415, 'unsupported_encoding']);
          expect(answer.headers.get('accept-encoding')).toBe('identity');
        }
      },
    );

    it('what only says that it is as it is, is taken', async () => {
      const answer = await call(gateway.hookUrl('groove'), {
        method: 'POST',
        headers: { 'content-encoding': 'identity', 'x-groove-event': 'ticket_started' },
        body: '{"number": 3, "title": "As it is"}',
      });
      expect(answer.status).toBe(202);
    });
  });

  describe('names that every object has', () => {
    const admin = (): Record<string, string> => ({ authorization: `Bearer ${gateway.adminKey}` });
    const json = (path: string, body: string): Promise<Answer> =>
      call(gateway.url + path, {
        method: 'POST',
        headers: { ...admin(), 'content-type': 'application/json' },
        body,
      });

    it.each<[string, string, string]>([
      ['in a body', '{"name": "x", "provider": "groove", "__proto__": {"isAdmin": true}}', 'invalid_json'],
      ['spelled in another way', '{"name": "x", "provider": "groove", "\\u005f_proto__": {}}', 'invalid_json'],
      [
        'the constructor’s',
        '{"name": "x", "provider": "groove", "constructor": {"prototype": {"a": 1}}}',
        'invalid_json',
      ],
      ['within settings', '{"name": "x", "provider": "groove", "settings": {"toString": "x"}}', 'validation_failed'],
    ])('%s are none of a request', async (_story, body, code) => {
      const answer = await json('/api/v1/sources', body);
      expect([answer.status, answer.body['code']]).toEqual([400, code]);
    });

    it.each(['__proto__=1', 'constructor=1', '__proto__[limit]=1', 'hasOwnProperty=1'])(
      '?%s is no parameter',
      async (query) => {
        const answer = await get(`/api/v1/sources?${query}`, admin());
        expect([answer.status, answer.body['code']]).toEqual([400, 'validation_failed']);
      },
    );

    it('in a form, or in YAML, change nothing either', async () => {
      const form = await call(gateway.hookUrl('groove'), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-groove-event': 'ticket_started' },
        body: 'number=4&title=Form&__proto__[state]=x&constructor[prototype][state]=x',
      });
      expect(form.status).toBe(202);
      const put = (body: string): Promise<Answer> =>
        call(`${gateway.url}/api/v1/config?dry_run=true`, {
          method: 'PUT',
          headers: { ...admin(), 'content-type': 'application/yaml' },
          body,
        });
      expect((await put('sources: []\n__proto__: {polluted: true}\n')).status).toBe(400);
      const laughs = Array.from(
        { length: 9 },
        (_, at) => `l${at + 1}: &l${at + 1} [${Array(9).fill(`*l${at}`).join(', ')}]`,
      );
      expect((await put(`l0: &l0 [lol]\n${laughs.join('\n')}\n`)).status).toBe(400);
      expect(({} as { polluted?: unknown; state?: unknown }).polluted).toBeUndefined();
      expect(({} as { state?: unknown }).state).toBeUndefined();
    });
  });
});

describe('the log of the process', () => {
  let gateway: TestGateway;
  let client: Client;

  beforeEach(async () => {
    gateway = await TestGateway.start();
    client = new Client({ connectionString: gateway.databaseUrl });
    await client.connect();
  });

  afterEach(async () => {
    await client.end();
    await gateway.stop();
  });

  const linesOf = (requestId: string | null): Record<string, unknown>[] =>
    logWatch.lines
      .filter((line) => line.includes(`"id":"${requestId ?? ''}"`))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('names the request of a fault, and shows neither its token nor what it brought', async () => {
    await client.query('alter table events rename to elsewhere');
    const hook = new URL(gateway.hookUrl('groove')).pathname;
    const token = hook.split('/').at(-1) ?? '';
    const spelled = `/%68ooks/groove/%${token.charCodeAt(0).toString(16)}${token.slice(1)}`;
    for (const path of [hook, spelled]) {
      const answer = await call(`${gateway.url}${path}?only_events=*`, {
        method: 'POST',
        headers: { 'x-groove-event': 'ticket_started', authorization: `Basic ${btoa('somebody:hunter2')}` },
        body: '{"number": 5, "title": "Words of a customer"}',
      });
      expect(answer.status).toBe(500);
      const lines = linesOf(answer.headers.get('x-request-id'));
      expect(lines).toContainEqual(
        expect.objectContaining({
          error_id: answer.body['error_id'],
          req: {
            id: answer.headers.get('x-request-id'),
            method: 'POST',
            url: `${path.slice(0, path.lastIndexOf('/'))}/***?only_events=…`,
          },
          err: expect.objectContaining({ code: '42P01', message: expect.stringContaining('does not exist') }),
        }),
      );
      const text = JSON.stringify(lines);
      for (const secret of [token.slice(1), 'hunter2', btoa('somebody:hunter2'), 'Words of a customer'])
        expect(text).not.toContain(secret);
    }
  });

  it('shows nothing of a statement that failed but what was wrong with it', async () => {
    await client.query('alter table destinations add constraint none check (false) not valid');
    const body = { name: 'Grace’s', kind: 'webhook', settings: { url: `${gateway.url}/x` } };
    const answer = await gateway.api('POST', '/destinations', body);
    expect(answer.status).toBe(500);
    const [line] = linesOf(answer.headers.get('x-request-id')).filter(({ err }) => err !== undefined);
    expect(Object.keys(line?.['err'] as object).sort()).toEqual(['code', 'message', 'stack', 'type']);
    expect(JSON.stringify(line)).not.toMatch(/Grace|v1:[0-9a-f]{8}:/);
  });
});
