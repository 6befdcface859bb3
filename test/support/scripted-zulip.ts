import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A message as it arrived, whatever was answered. */
export interface ReceivedMessage {
  to: string;
  topic: string;
  content: string;
}

/** A message that was taken. */
export interface TakenMessage extends ReceivedMessage {
  id: number;
}

interface AnswerInFull {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/**
 * What the next message gets. Without a script, messages are taken. `take-…`: it is taken and the sender never hears of
 * it; `take-and-wait`: it hears of it by
 * `answerWaiting`. `hang` and `reset`: it is not taken.
 */
export type ScriptedAnswer = AnswerInFull | 'reset' | 'hang' | 'take-and-reset' | 'take-and-hang' | 'take-and-wait';

/** An answer, or one that a test gives later. */
type Soon<Answer> = Answer | undefined | Promise<Answer | undefined>;

interface Origin {
  sender: string;
  sentAt: Date;
}

const BOT = 'bot@example.com';

/** A Zulip server that does what a test tells it: refuse, limit, fail, break off. Real sockets. */
export class ScriptedZulip {
  private readonly server: Server;
  private readonly script: ScriptedAnswer[] = [];
  private decide: ((message: ReceivedMessage) => Soon<ScriptedAnswer>) | undefined;
  private decideReading: (() => Soon<AnswerInFull>) | undefined;
  private readonly origins = new Map<number, Origin>();
  private nextId = 100;
  private readonly waiting: (() => void)[] = [];
  /** Every message that arrived, refused ones too. */
  readonly received: ReceivedMessage[] = [];
  /** Those that were taken, under the topics that they have now. */
  readonly taken: TakenMessage[] = [];
  /** Every request that read messages: its query. */
  readonly readings: URLSearchParams[] = [];
  /** Every request that renamed a topic, as `old → new`. */
  readonly renames: string[] = [];

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

  /** The next messages get these answers, one each. */
  answerNext(...answers: ScriptedAnswer[]): void {
    this.script.push(...answers);
  }

  /** Decides by the message; undefined takes it. */
  answerBy(decide: (message: ReceivedMessage) => Soon<ScriptedAnswer>): void {
    this.decide = decide;
  }

  /** What whoever reads or renames gets; undefined lets them. */
  answerReadingBy(decide: () => Soon<AnswerInFull>): void {
    this.decideReading = decide;
  }

  /** A message that came by another way, or late; the bot's, unless somebody else is named. */
  take({ to, topic, content }: ReceivedMessage, { sender = BOT, sentAt = new Date() }: Partial<Origin> = {}): number {
    const id = this.nextId++;
    this.taken.push({ to, topic, content, id });
    this.origins.set(id, { sender, sentAt });
    return id;
  }

  /** Answers whoever waits for it. */
  answerWaiting(): void {
    for (const answer of this.waiting.splice(0)) answer();
  }

  /** As people do. */
  renameTopic(from: string, to: string): void {
    for (const message of this.taken) if (message.topic === from) message.topic = to;
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
    const url = new URL(request.url ?? '/', this.site);
    const form = new URLSearchParams(await readText(request));
    if (request.method === 'POST') {
      await this.post(form, request, response);
    } else {
      const answer = await this.decideReading?.();
      const work = (): AnswerInFull =>
        request.method === 'PATCH' ? this.patch(url, form) : this.read(url.searchParams);
      respond(response, answer ?? work());
    }
  }

  private async post(form: URLSearchParams, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const message = { to: form.get('to') ?? '', topic: form.get('topic') ?? '', content: form.get('content') ?? '' };
    this.received.push(message);
    const answer = this.script.shift() ?? (await this.decide?.(message));
    if (answer === 'hang' || answer === 'reset') {
      if (answer === 'reset') request.socket.resetAndDestroy();
    } else if (answer === 'take-and-wait') {
      const id = this.take(message);
      this.waiting.push(() => {
        respond(response, success({ id }));
      });
    } else if (answer === 'take-and-hang' || answer === 'take-and-reset') {
      this.take(message);
      if (answer === 'take-and-reset') request.socket.resetAndDestroy();
    } else {
      respond(response, answer ?? success({ id: this.take(message) }));
    }
  }

  /** https://zulip.com/api/get-messages, as far as bots look for messages of their own. */
  private read(query: URLSearchParams): AnswerInFull {
    this.readings.push(query);
    const anchor = query.get('anchor') === 'newest' ? Infinity : Number(query.get('anchor'));
    const before = Number(query.get('num_before'));
    const after = Number(query.get('num_after'));
    const older = this.taken.filter(({ id }) => id < anchor);
    const found = [
      ...(before > 0 ? older.slice(-before) : []),
      ...this.taken.filter(({ id }) => id === anchor && query.get('include_anchor') !== 'false'),
      ...this.taken.filter(({ id }) => id > anchor).slice(0, after),
    ];
    const messages = found.map(({ id, to, topic, content }) => ({
      id,
      content,
      subject: topic,
      display_recipient: to,
      sender_email: this.origins.get(id)?.sender ?? BOT,
      timestamp: Math.floor((this.origins.get(id)?.sentAt.getTime() ?? 0) / 1_000),
    }));
    return success({ messages, found_newest: true, found_oldest: true, found_anchor: true, anchor });
  }

  /** https://zulip.com/api/update-message */
  private patch(url: URL, form: URLSearchParams): AnswerInFull {
    const message = this.taken.find(({ id }) => id === Number(url.pathname.split('/').at(-1)));
    const topic = form.get('topic') ?? '';
    if (!message) return { status: 400, body: { result: 'error', code: 'BAD_REQUEST', msg: 'Invalid message(s)' } };
    this.renames.push(`${message.topic} → ${topic}`);
    this.renameTopic(message.topic, topic);
    return success({});
  }
}

function success(body: object): AnswerInFull {
  return { status: 200, body: { result: 'success', msg: '', ...body } };
}

function respond(response: ServerResponse, answer: AnswerInFull): void {
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(JSON.stringify(answer.body));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
