import { MetricsText } from '../support/metrics-text.js';
import { RawConnection } from '../support/raw-connection.js';
import { call, TestGateway } from '../support/test-gateway.js';

/** The same limits, shorter. */
const LIMITS = { headersMs: 300, requestMs: 4_000, keepAliveMs: 200, checkEveryMs: 50 };
/** Generous, for a busy machine: without the limits nothing would be closed for half a minute. */
const SOON_MS = 20_000;
const MANY = 500;

describe('clients that dawdle', () => {
  let gateway: TestGateway;
  let open: RawConnection[];

  beforeAll(async () => {
    gateway = await TestGateway.start({}, undefined, { connectionLimits: LIMITS });
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
  const hookPath = (): string => new URL(gateway.hookUrl('groove')).pathname;
  const head = (length: number): string =>
    `POST ${hookPath()} HTTP/1.1\r\nhost: gateway\r\nx-groove-event: ticket_started\r\ncontent-length: ${length}\r\n`;

  it('with nothing at all are cut off after the time for headers', async () => {
    const connection = await connect();
    const took = await connection.closed();
    expect(took).toBeGreaterThan(LIMITS.headersMs - 100);
    expect(took).toBeLessThan(LIMITS.requestMs);
    expect(connection.answer).toEqual({ status: 408, code: 'request_timeout' });
  });

  it('with headers that never end are cut off as well, however busy they look', async () => {
    const connection = await connect();
    connection.write(head(10));
    connection.drip('x-more: 1\r\n', 20);
    expect(await connection.closed()).toBeLessThan(LIMITS.requestMs);
    expect(connection.answer).toEqual({ status: 408, code: 'request_timeout' });
  });

  it('with a body that never ends are cut off after the time for a request', async () => {
    const connection = await connect();
    connection.write(`${head(1_000_000)}\r\n`);
    connection.drip('x', 20);
    const took = await connection.closed();
    expect(took).toBeGreaterThan(LIMITS.requestMs - 100);
    expect(took).toBeLessThan(SOON_MS);
    expect(connection.answer).toEqual({ status: 408, code: 'request_timeout' });
  });

  it('that are merely slow are served', async () => {
    const connection = await connect();
    const body = '{"number": 1, "title": "Slow"}';
    connection.write(head(body.length));
    await new Promise((resolve) => setTimeout(resolve, 100));
    connection.write('\r\n');
    for (const character of body) connection.write(character);
    // Nothing more comes: the answer is there, and the connection has been idle for long enough.
    expect(await connection.closed()).toBeLessThan(SOON_MS);
    expect(connection.answer).toMatchObject({ status: 202 });
  });

  it.each<[string, string, { status: number; code: string }]>([
    [
      'headers beyond all bounds',
      `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      { status: 431, code: 'headers_too_large' },
    ],
    [
      'an address beyond all bounds',
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
      { status: 431, code: 'headers_too_large' },
    ],
    ['no HTTP', 'EHLO gateway\r\n\r\n', { status: 400, code: 'bad_request' }],
    [
      'two lengths at once',
      'POST / HTTP/1.1\r\nhost: g\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      { status: 400, code: 'bad_request' },
    ],
  ])('%s: refused by name, and the connection ends', async (_story, text, expected) => {
    const connection = await connect();
    connection.write(text);
    expect(await connection.closed()).toBeLessThan(SOON_MS);
    expect(connection.answer).toEqual(expected);
    expect(connection.text).toContain('content-type: application/problem+json; charset=utf-8\r\n');
  });

  it('are counted, each by what it was told', async () => {
    const { text } = await call(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${gateway.adminKey}` } });
    expect(new MetricsText(text).values('deskwire_connections_refused_total')).toEqual({
      request_timeout: 3,
      headers_too_large: 2,
      bad_request: 2,
    });
  });

  it('in great number keep nobody else waiting, and are gone in the end', async () => {
    const idle = await Promise.all(Array.from({ length: MANY }, connect));
    expect((await call(`${gateway.url}/health/live`, {})).status).toBe(200);
    expect((await gateway.groove('ticket_started', { number: 2, title: 'Meanwhile' })).status).toBe(202);
    const took = await Promise.all(idle.map((connection) => connection.closed()));
    expect(Math.max(...took)).toBeLessThan(SOON_MS);
  });
});
