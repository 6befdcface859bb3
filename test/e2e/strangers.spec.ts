import { Client } from 'pg';
import { MOST_AT_ONCE } from '../../src/http/limit-pipelining.js';
import { logWatch } from '../support/log-watch.js';
import { RawConnection } from '../support/raw-connection.js';
import { call, TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const MEGABYTE = 1_048_576;

/** Each of these once cost the process seconds, or its memory: a review of everything that needs no key found them. */
describe('strangers who send much', () => {
  let gateway: TestGateway;
  let open: RawConnection[];

  beforeAll(async () => {
    gateway = await TestGateway.start();
  });

  afterAll(() => gateway.stop());

  beforeEach(() => {
    open = [];
  });

  afterEach(() => {
    for (const connection of open) connection.close();
  });

  const connect = async (): Promise<RawConnection> => {
    const connection = await RawConnection.open(gateway.url);
    open.push(connection);
    return connection;
  };
  /** Announces a body that never comes. */
  const announce = async (path: string, length: string, headers = ''): Promise<RawConnection> => {
    const connection = await connect();
    connection.write(`POST ${path} HTTP/1.1\r\nhost: gateway\r\n${headers}${length}\r\n\r\n`);
    return connection;
  };
  const answerOf = async (connection: RawConnection): Promise<{ status: number; code: unknown }> => {
    await waitUntil(() => connection.text.includes('}'));
    return connection.answer;
  };
  const admin = (): string => `authorization: Bearer ${gateway.adminKey}\r\ncontent-type: application/json\r\n`;
  const counted = async (name: string): Promise<string[]> => {
    const answer = await call(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${gateway.adminKey}` } });
    return answer.text.split('\n').filter((line) => line.startsWith(name));
  };

  describe('a large body', () => {
    const LARGE = `content-length: ${5 * MEGABYTE}`;

    it.each([
      ['/api/v1/sources', 401, 'unauthorized'],
      ['/api/integrations/webhook', 401, 'unauthorized'],
      ['/tickets', 401, 'unauthorized'],
      ['/hooks/groove/unknown', 404, 'not_found'],
      ['/hooks/nobody/unknown', 404, 'not_found'],
      ['/nowhere', 404, 'not_found'],
    ])('for %s is refused before it comes, from who may not send it', async (path, status, code) => {
      for (const length of [LARGE, 'transfer-encoding: chunked']) {
        expect(await answerOf(await announce(path, length))).toEqual({ status, code });
      }
    });

    it('is taken from who may', async () => {
      const body = JSON.stringify({ name: 'x'.repeat(100_000), provider: 'groove' });
      expect(await gateway.api('POST', '/sources', JSON.parse(body) as object)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
      expect((await gateway.groove('ticket_started', { number: 1, title: 'y'.repeat(100_000) })).status).toBe(202);
    });

    it('finds room for so many beside it, and again when one of them has gone', async () => {
      const others: RawConnection[] = [];
      for (let count = 0; count < 12; count += 1) others.push(await announce('/api/v1/sources', LARGE, admin()));
      const refused = async (): Promise<boolean> => {
        const one = await announce('/api/v1/sources', LARGE, admin());
        others.push(one);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return one.text !== '';
      };
      await waitUntil(refused);
      expect(others.length).toBeGreaterThan(12);
      expect(others.at(-1)?.answer).toEqual({ status: 503, code: 'queue_full' });
      expect((await gateway.api('POST', '/sources', { name: 'Small', provider: 'groove' })).status).toBe(201);
      for (const connection of others) connection.close();
      await waitUntil(async () => !(await refused()));
    });
  });

  it('a large body whose sender goes while he is judged takes no room', async () => {
    const length = `content-length: ${5 * MEGABYTE}`;
    const holder = new Client(gateway.databaseUrl);
    await holder.connect();
    try {
      for (let round = 0; round < 2; round += 1) {
        // Nobody learns whether a key is valid until this transaction ends.
        await holder.query('begin; lock table api_keys in access exclusive mode');
        const some = await Promise.all(Array.from({ length: 8 }, () => announce('/api/v1/sources', length, admin())));
        await new Promise((resolve) => setTimeout(resolve, 200));
        for (const connection of some) connection.close();
        await new Promise((resolve) => setTimeout(resolve, 200));
        await holder.query('commit');
      }
    } finally {
      await holder.end();
    }
    await waitUntil(async () => (await gateway.api('GET', '/sources')).status === 200);
    const one = await announce('/api/v1/sources', length, admin());
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(one.text).toBe('');
  });

  it('many requests ahead of their answers: the connection is ended, whatever they ask for', async () => {
    const connection = await connect();
    connection.write('GET /docs-json HTTP/1.1\r\nhost: gateway\r\n\r\n'.repeat(200));
    await connection.closed();
    expect(connection.text.split('HTTP/1.1 200').length - 1).toBeLessThanOrEqual(MOST_AT_ONCE);
    const patient = await connect();
    patient.write('GET /health/live HTTP/1.1\r\nhost: gateway\r\n\r\n'.repeat(MOST_AT_ONCE));
    await waitUntil(() => patient.text.split('HTTP/1.1 200').length - 1 === MOST_AT_ONCE);
  });

  it('the API’s description is there, made once, and not in YAML', async () => {
    const [first, beside, yaml, page] = await Promise.all(
      ['/docs-json', '/docs/docs-json', '/docs-yaml', '/docs/swagger-ui-init.js'].map((path) =>
        call(gateway.url + path, {}),
      ),
    );
    expect([first?.status, first?.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(first?.body).toMatchObject({ openapi: expect.any(String), info: { title: 'Deskwire' } });
    expect(beside?.text).toBe(first?.text);
    expect(yaml?.status).toBe(404);
    expect(page?.text).toContain('"swaggerUrl": "docs-json"');
    expect(page?.text.length).toBeLessThan(5_000);
  });

  it('a request that is broken off is no fault of the database’s: not counted, not logged', async () => {
    const before = await counted('deskwire_problems_total');
    const lines = logWatch.lines.length;
    const hook = new URL(gateway.hookUrl('groove')).pathname;
    for (const path of ['/hooks/groove/unknown', '/api/v1/sources', `/%68${hook.slice(2)}`]) {
      const connection = await announce(path, 'content-length: 1000');
      connection.write('{"a');
      await new Promise((resolve) => setTimeout(resolve, 50));
      connection.close();
    }
    // An answer to another request, which came later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await gateway.api('GET', '/sources')).status).toBe(200);
    expect(logWatch.lines.slice(lines).filter((line) => line.includes('database'))).toEqual([]);
    expect(await counted('deskwire_problems_total')).toEqual(before);
  });
});
