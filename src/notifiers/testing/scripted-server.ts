import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it arrived. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Script = (response: ServerResponse, request: ReceivedRequest) => void;

/** An HTTP server that does what a test tells it. Real sockets. */
export class ScriptedServer {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private script: Script = (response) => response.end();
  readonly received: ReceivedRequest[] = [];
  /** How many connections were opened so far. */
  connections = 0;

  private constructor() {
    const listener: RequestListener = (request, response) => {
      void this.handle(request, response);
    };
    this.server = createServer(listener).on('connection', (socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    await new Promise<void>((resolve) => scripted.server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** From now on every request is answered by `script`. */
  answerBy(script: Script): void {
    this.script = script;
  }

  /** From now on every request gets this answer. */
  answer(status: number, body: string, headers: Record<string, string> = {}): void {
    this.answerBy((response) => response.writeHead(status, headers).end(body));
  }

  get lastRequest(): ReceivedRequest {
    const last = this.received.at(-1);
    if (!last) throw new Error('No request arrived.');
    return last;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.received.push(received);
    this.script(response, received);
  }
}
