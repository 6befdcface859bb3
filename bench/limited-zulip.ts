import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ClockModule } from '../src/clock/clock.module.js';
import type { Clock } from '../src/clock/clock.js';
import { registerBodyParsers } from '../src/http/body-parsers.js';
import { SandboxModule } from '../src/sandbox/sandbox.module.js';
import { SandboxZulip } from '../src/sandbox/sandbox-zulip.js';
import { BOT } from './receivers.js';

const MOST_MESSAGES = 100_000;
const OK = 200;
const TOO_MANY_REQUESTS = 429;

@Module({})
class LimitedZulipModule {
  static register(clock: Clock): DynamicModule {
    return { module: LimitedZulipModule, imports: [ClockModule.register(clock), SandboxModule] };
  }
}

/** The sandbox as a server of its own, with Zulip's rate limit by a clock of the bench's; it counts what it is asked. */
export class LimitedZulip {
  /** Requests by what they are for, refused ones included. */
  readonly requests = { messages: 0, reads: 0, renames: 0 };
  refused = 0;
  /** Messages that it has taken. */
  messages = 0;
  /** By the clock's steady milliseconds. */
  firstAt: number | undefined;
  lastAt = 0;

  private constructor(private readonly app: NestFastifyApplication) {}

  static async start(clock: Clock, requestsPerMinute: number): Promise<LimitedZulip> {
    const adapter = new FastifyAdapter({ forceCloseConnections: true });
    const app = await NestFactory.create<NestFastifyApplication>(LimitedZulipModule.register(clock), adapter, {
      bodyParser: false,
      logger: false,
    });
    const zulip = new LimitedZulip(app);
    const fastify = app.getHttpAdapter().getInstance();
    registerBodyParsers(fastify);
    fastify.addHook('onResponse', (request, reply, done) => {
      zulip.count(request.method, reply.statusCode, clock.steady());
      done();
    });
    await app.listen(0, '127.0.0.1');
    app.get(SandboxZulip).configure({ ...BOT, rateLimit: requestsPerMinute, mostMessages: MOST_MESSAGES });
    return zulip;
  }

  /** @returns the address of the organisation */
  async site(): Promise<string> {
    return `${await this.app.getUrl()}/sandbox/zulip`;
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  private count(method: string, status: number, at: number): void {
    const kind = method === 'POST' ? 'messages' : method === 'PATCH' ? 'renames' : 'reads';
    this.requests[kind] += 1;
    if (status === TOO_MANY_REQUESTS) this.refused += 1;
    this.firstAt ??= at;
    if (method !== 'POST' || status !== OK) return;
    this.messages += 1;
    this.lastAt = at;
  }
}
