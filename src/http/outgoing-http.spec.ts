import { createServer, type Server, type Socket } from 'node:net';
import { HttpService } from '@nestjs/axios';
import { Test, type TestingModule } from '@nestjs/testing';
import { OutgoingAgents } from './outgoing-agents.js';
import { OutgoingHttpModule } from './outgoing-http.module.js';
import { neverConnected } from './watched-connection.js';

const CONNECT_LIMIT_MS = 100;

/** @returns the error that a request ends with */
async function failureOf(request: Promise<unknown>): Promise<Error> {
  try {
    await request;
  } catch (error) {
    return error as Error;
  }
  throw new Error('The request was answered.');
}

describe('outgoing HTTP', () => {
  let outgoing: TestingModule;
  let server: Server;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    outgoing = await Test.createTestingModule({ imports: [OutgoingHttpModule] })
      .overrideProvider(OutgoingAgents)
      .useValue(new OutgoingAgents(CONNECT_LIMIT_MS))
      .compile();
  });
  beforeEach(async () => {
    server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  afterAll(() => outgoing.close());

  const request = (protocol: string, signal?: AbortSignal): Promise<unknown> => {
    const { port } = server.address() as { port: number };
    const url = `${protocol}://127.0.0.1:${port}/`;
    return outgoing.get(HttpService, { strict: false }).axiosRef.request({ url, ...(signal && { signal }) });
  };

  it('gives up a handshake that takes too long, and knows that nothing was sent', async () => {
    const error = await failureOf(request('https'));
    expect(error.message).toBe('There was no connection within 100 ms.');
    expect(neverConnected(error)).toBe(true);
  });

  it('leaves a connection that stands to the caller’s own limit', async () => {
    const error = await failureOf(request('http', AbortSignal.timeout(CONNECT_LIMIT_MS * 3)));
    expect(error.message).toBe('canceled');
    expect(neverConnected(error)).toBe(false);
  });

  it('does not take a broken connection for one that never stood', async () => {
    server.on('connection', (socket) => setTimeout(() => socket.resetAndDestroy(), 20));
    const error = await failureOf(request('http'));
    expect(error.message).toContain('ECONNRESET');
    expect(neverConnected(error)).toBe(false);
  });
});
