import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A request as it arrived. */
export interface HeardRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingMessage['headers'];
  /** Parsed JSON; undefined where there is none. */
  body: unknown;
}

export interface JsonAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** `hang`: it is never answered; `reset`: the connection breaks. */
export type Decision = JsonAnswer | 'hang' | 'reset';

/** A helpdesk's API that a test plays: real HTTP on a port of its own. Subclasses say what it answers. */
export abstract class JsonServer {
  private readonly server: Server;
  private misbehaviour: ((request: HeardRequest) => Decision | undefined | Promise<Decision | undefined>) | undefined;
  /** Every request, refused ones too. */
  readonly heard: HeardRequest[] = [];
  /** The most that were under way at once. */
  mostAtOnce = 0;
  private underWay = 0;

  protected constructor() {
    this.server = createServer((request, response) => {
      void this.handle(request, response);
    });
  }

  protected abstract answer(request: HeardRequest): JsonAnswer;

  get url(): string {
    const { port } = this.server.address() as { port: number };
    return `http://127.0.0.1:${port}`;
  }

  /** Method and path of every request. */
  get asked(): string[] {
    return this.heard.map(({ method, path }) => `${method} ${path}`);
  }

  /** From now on decides before the server does; undefined leaves it to the server. */
  misbehave(decide: (request: HeardRequest) => Decision | undefined | Promise<Decision | undefined>): void {
    this.misbehaviour = decide;
  }

  behave(): void {
    this.misbehaviour = undefined;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    this.underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay);
    response.on('close', () => (this.underWay -= 1));
    const request: HeardRequest = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      body: parse(await readText(message)),
    };
    this.heard.push(request);
    const decision = (await this.misbehaviour?.(request)) ?? this.answer(request);
    if (decision === 'hang') return;
    if (decision === 'reset') message.socket.resetAndDestroy();
    else respond(response, decision);
  }
}

function respond(response: ServerResponse, { status, body, headers }: JsonAnswer): void {
  response.writeHead(status, { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function parse(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text);
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
