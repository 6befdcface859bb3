import { createServer, type Server, type Socket } from 'node:net';
import { type OutgoingAnswer, OutgoingFault, OutgoingHttp, type OutgoingRequest } from './outgoing-http.js';
import { loopbackPolicy } from './testing/loopback-policy.js';

const CONNECT_LIMIT_MS = 500;
const LARGEST = 20;

describe('outgoing HTTP', () => {
  let http: OutgoingHttp;
  let server: Server;
  const sockets: Socket[] = [];

  beforeAll(() => {
    http = new OutgoingHttp(loopbackPolicy(), CONNECT_LIMIT_MS);
  });
  beforeEach(async () => {
    server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  afterAll(() => http.onApplicationShutdown());

  const port = (): number => (server.address() as { port: number }).port;
  const request = (
    protocol = 'http',
    timeLimitMs = 5_000,
    more: Partial<OutgoingRequest> = {},
  ): Promise<OutgoingAnswer> =>
    http.request({
      method: 'POST',
      url: `${protocol}://127.0.0.1:${port()}/a?b=c`,
      headers: { 'x-one': 'two' },
      body: 'text',
      largestAnswer: LARGEST,
      timeLimitMs,
      ...more,
    });
  const faultOf = (answer: Promise<unknown>): Promise<unknown> => answer.catch((error: unknown) => error);
  const answerWith = (text: string): string[] => {
    const heard: string[] = [];
    server.on('connection', (socket) =>
      socket.on('data', (data) => {
        heard.push(data.toString());
        socket.write(text);
      }),
    );
    return heard;
  };

  it('sends what it is given under our name, and keeps the connection', async () => {
    const heard = answerWith('HTTP/1.1 302 Found\r\nX-A: 1\r\nX-A: 2\r\nLocation: /b\r\nContent-Length: 4\r\n\r\nbody');
    const { status, headers, body } = await request();
    expect([status, headers['x-a'], headers['location'], body.toString()]).toEqual([302, '1, 2', '/b', 'body']);
    expect(heard.join('')).toMatch(/^POST \/a\?b=c HTTP\/1\.1\r\n/);
    expect(heard.join('')).toMatch(/user-agent: Deskwire\/\d/);
    expect(heard.join('')).toContain('x-one: two\r\n');
    for (let times = 0; times < 5; times++) await request();
    // One to spare: a request that follows an answer at once may come before its connection is free again.
    expect(sockets.length).toBeLessThanOrEqual(2);
  });

  it('reads an answer up to a size', async () => {
    answerWith('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n30\r\n' + 'a'.repeat(48) + '\r\n');
    const { body } = await request();
    expect(body.toString()).toBe('a'.repeat(LARGEST));
  });

  it('gives up a handshake that takes too long, and knows that nothing was sent', async () => {
    const fault = await faultOf(request('https'));
    expect(fault).toMatchObject({ name: 'OutgoingFault', sent: false, isTimeout: false });
    expect((fault as Error).message).toMatch(/^Connect Timeout Error/);
  });

  it('knows that nothing was sent where nobody listens', async () => {
    const nobody = port();
    await new Promise((resolve) => server.close(resolve));
    server = createServer().listen(0, '127.0.0.1');
    const answer = http.request({
      method: 'GET',
      url: `http://127.0.0.1:${nobody}/`,
      largestAnswer: LARGEST,
      timeLimitMs: 5_000,
    });
    expect(await faultOf(answer)).toMatchObject({ name: 'OutgoingFault', sent: false, isTimeout: false });
  });

  it('knows that nothing was sent when the time is over before there is a connection', async () => {
    expect(await faultOf(request('https', CONNECT_LIMIT_MS / 2))).toMatchObject({ sent: false, isTimeout: true });
  });

  it('leaves a connection that stands to the request’s own limit', async () => {
    const fault = await faultOf(request('http', CONNECT_LIMIT_MS * 3));
    expect(fault).toEqual(new OutgoingFault('There was no answer within 1500 ms.', true, true));
    expect(fault).toMatchObject({ sent: true, isTimeout: true });
  });

  it('limits an answer that never ends, too', async () => {
    answerWith('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc');
    expect(await faultOf(request('http', CONNECT_LIMIT_MS))).toMatchObject({ sent: true, isTimeout: true });
  });

  it('takes a status for an answer where that is enough, with what came of the body', async () => {
    answerWith('HTTP/1.1 410 Gone\r\nX-A: 1\r\nContent-Length: 10\r\n\r\nabc');
    const { status, headers, body } = await request('http', CONNECT_LIMIT_MS, { statusIsEnough: true });
    expect([status, headers['x-a'], body.toString()]).toEqual([410, '1', 'abc']);
  });

  it.each(['', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Le'])(
    'takes no status from %j',
    async (text) => {
      answerWith(text);
      const answer = request('http', CONNECT_LIMIT_MS, { statusIsEnough: true });
      expect(await faultOf(answer)).toMatchObject({ sent: true, isTimeout: true });
    },
  );

  it('does not take a broken connection for one that never stood', async () => {
    server.on('connection', (socket) => socket.on('data', () => socket.resetAndDestroy()));
    expect(await faultOf(request())).toMatchObject({ sent: true, isTimeout: false });
  });
});
