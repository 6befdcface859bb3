import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A message as it arrived, whatever was answered. */
export interface ReceivedMessage {
  to: string;
  topic: string;
  content: string;
}

/** What the next request gets. Without a script, messages are taken. */
export type ScriptedAnswer = { status: number; body: unknown; headers?: Record<string, string> } | 'reset' | 'hang';

/** A Zulip server that does what a test tells it: refuse, limit, fail, break off. Real sockets. */
export class ScriptedZulip {
  private readonly server: Server;
  private readonly script: ScriptedAnswer[] = [];
  private decide: ((message: ReceivedMessage) => ScriptedAnswer | undefined) | undefined;
  private nextId = 100;
  /** Every message that arrived, refused ones too. */
  readonly received: ReceivedMessage[] = [];
  /** Those that were taken. */
  readonly taken: ReceivedMessage[] = [];

  private constructor() {
    this.server = createServer((request, response) => {
      void this.handle(request, response);
    });
  }

  static async start(): Promise<ScriptedZulip> {
    const zulip = new ScriptedZulip();
    await new Promise<void>((resolve) => zulip.server.listen(0, '127.0.0.1', resolve));
    return zulip;
  }

  get site(): string {
    const { port } = this.server.address() as { port: number };
    return `http://127.0.0.1:${port}`;
  }

  /** The next requests get these answers, one each. */
  answerNext(...answers: ScriptedAnswer[]): void {
    this.script.push(...answers);
  }

  /** Decides by the message; undefined takes it. */
  answerBy(decide: (message: ReceivedMessage) => ScriptedAnswer | undefined): void {
    this.decide = decide;
  }

  /** Breaks off whatever hangs. */
  dropConnections(): void {
    this.server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await readText(request));
    const message = { to: form.get('to') ?? '', topic: form.get('topic') ?? '', content: form.get('content') ?? '' };
    this.received.push(message);
    const answer = this.script.shift() ?? this.decide?.(message) ?? this.take(message);
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  }

  private take(message: ReceivedMessage): ScriptedAnswer {
    this.taken.push(message);
    return { status: 200, body: { result: 'success', msg: '', id: this.nextId++ } };
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
