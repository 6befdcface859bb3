import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { Clock } from '../../clock/clock.js';
import { registerBodyParsers } from '../../http/body-parsers.js';
import { SandboxModule } from '../sandbox.module.js';
import { type SandboxOptions, SandboxZulip } from '../sandbox-zulip.js';

export const EMAIL = 'bot@sandbox.invalid';
export const API_KEY = 'the key of the bot';

/** An answer of the sandbox; all of its answers are JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** A message as it is found, in the fields that tests speak of. */
export interface FoundMessage {
  id: number;
  display_recipient: string;
  subject: string;
  content: string;
  flags: string[];
}

/** The sandbox in an application of its own, on a free port, spoken to as a client would. Time stands still. */
export class SandboxServer {
  private constructor(
    private readonly app: NestFastifyApplication,
    readonly url: string,
    readonly clock: FakeClock,
  ) {}

  /** @param parsers `ours`: bodies arrive as in the gateway; `of Nest`: as in an application that knows nothing of it */
  static async start(parsers: 'ours' | 'of Nest' = 'ours'): Promise<SandboxServer> {
    const clock = new FakeClock(Date.parse('2025-11-21T10:00:00.250Z'));
    const app = await NestFactory.create<NestFastifyApplication>(makeModule(clock), new FastifyAdapter(), {
      bodyParser: parsers === 'of Nest',
      logger: false,
    });
    if (parsers === 'ours') registerBodyParsers(app.getHttpAdapter().getInstance());
    await app.listen(0, '127.0.0.1');
    return new SandboxServer(app, `${await app.getUrl()}/sandbox/zulip`, clock);
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  get sandbox(): SandboxZulip {
    return this.app.get(SandboxZulip);
  }

  open(options: Partial<SandboxOptions> = {}): void {
    this.sandbox.configure({ email: EMAIL, apiKey: API_KEY, rateLimit: 1_000, ...options });
  }

  async call(method: string, path: string, init: RequestInit = {}, key = `${EMAIL}:${API_KEY}`): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...init,
      headers: { authorization: `Basic ${Buffer.from(key).toString('base64')}`, ...init.headers },
    });
    const body = (await response.json()) as Answer['body'];
    return { status: response.status, headers: response.headers, body };
  }

  /** As Zulip's own clients call it: a form. */
  form(method: string, path: string, parameters: Record<string, string>): Promise<Answer> {
    return this.call(method, path, { body: new URLSearchParams(parameters) });
  }

  get(path: string, query: Record<string, string>): Promise<Answer> {
    return this.call('GET', `${path}?${new URLSearchParams(query).toString()}`);
  }

  send(parameters: Record<string, string> = {}): Promise<Answer> {
    return this.form('POST', '/api/v1/messages', {
      type: 'stream',
      to: 'support',
      topic: '#9 Test Subject',
      content: 'Hello',
      ...parameters,
    });
  }

  /** @returns the id of a message that was taken */
  async sent(parameters: Record<string, string> = {}): Promise<number> {
    const { body } = await this.send(parameters);
    expect(body).toEqual({ result: 'success', msg: '', id: expect.any(Number) as number });
    return body['id'] as number;
  }

  look(query: Record<string, string> = {}): Promise<Answer> {
    const everything = { anchor: 'newest', num_before: '100', num_after: '0', apply_markdown: 'false' };
    return this.get('/api/v1/messages', { ...everything, ...query });
  }

  async found(narrow: unknown[]): Promise<FoundMessage[]> {
    const { body } = await this.look({ narrow: JSON.stringify(narrow) });
    return body['messages'] as FoundMessage[];
  }

  async messageOf(id: number): Promise<FoundMessage> {
    const [message] = await this.found([{ operator: 'id', operand: id }]);
    if (!message) throw new Error('There is no such message.');
    return message;
  }
}

function makeModule(clock: FakeClock): new () => object {
  @Global()
  @Module({ providers: [{ provide: Clock, useValue: clock }], exports: [Clock] })
  class FakeClockModule {}

  @Module({ imports: [FakeClockModule, SandboxModule] })
  class SandboxOnlyModule {}

  return SandboxOnlyModule;
}
