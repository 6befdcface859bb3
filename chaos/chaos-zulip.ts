import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClockModule } from '../src/clock/clock.module.js';
import { SystemClock } from '../src/clock/clock.js';
import { registerBodyParsers } from '../src/http/body-parsers.js';
import { SandboxModule } from '../src/sandbox/sandbox.module.js';
import { SandboxZulip } from '../src/sandbox/sandbox-zulip.js';
import { findMarkers } from './marker.js';
import type { Fault, FaultPlan, Treatment } from './zulip-faults.js';

export const BOT = { email: 'chaos-bot@sandbox.invalid', apiKey: 'the key of the bot' };

const PAGE = 5_000;
const UNLIMITED = 1_000_000_000;

@Module({ imports: [ClockModule.register(new SystemClock()), SandboxModule] })
class ChaosZulipModule {}

/** A message that arrived. */
export interface ArrivedMessage {
  id: number;
  at: Date;
  topic: string;
  markers: string[];
}

/** A request that was to send a message, whatever became of it. */
export interface SendRequest {
  at: Date;
  fault: Fault;
  markers: string[];
}

/** The sandbox as a server that is never killed, remembers everything, and behaves badly now and then. */
export class ChaosZulip {
  readonly faults: Partial<Record<Fault, number>> = {};
  readonly sendRequests: SendRequest[] = [];
  private readonly treatments = new WeakMap<FastifyRequest, Treatment>();

  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly plan: Pick<FaultPlan, 'next'>,
  ) {}

  /** @param plan what becomes of each request */
  static async start(plan: Pick<FaultPlan, 'next'>): Promise<ChaosZulip> {
    const adapter = new FastifyAdapter({ forceCloseConnections: true });
    const app = await NestFactory.create<NestFastifyApplication>(ChaosZulipModule, adapter, {
      bodyParser: false,
      logger: false,
    });
    const zulip = new ChaosZulip(app, plan);
    const fastify = app.getHttpAdapter().getInstance();
    registerBodyParsers(fastify);
    // After the body was read: what has come in is dealt with, even if the client dies meanwhile.
    fastify.addHook('preHandler', (request, reply) => zulip.beforeStoring(request, reply));
    fastify.addHook('onSend', (request, reply, payload) => zulip.afterStoring(request, reply, payload));
    await app.listen(0, '127.0.0.1');
    app.get(SandboxZulip).configure({ ...BOT, rateLimit: UNLIMITED, mostMessages: UNLIMITED });
    return zulip;
  }

  /** @returns the address of the organisation */
  async site(): Promise<string> {
    return `${await this.app.getUrl()}/sandbox/zulip`;
  }

  /** All that arrived, in the order of their ids. */
  messages(): ArrivedMessage[] {
    const found: ArrivedMessage[] = [];
    for (;;) {
      const anchor = String(found.at(-1)?.id ?? 0);
      const window = { anchor, includeAnchor: false, numBefore: 0, numAfter: PAGE };
      const { messages } = this.app.get(SandboxZulip).fetch(undefined, window);
      if (messages.length === 0) return found;
      found.push(
        ...messages.map(({ id, sentAt, topic, content }) => ({ id, at: sentAt, topic, markers: findMarkers(content) })),
      );
    }
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  /** @returns the reply where the request goes no further */
  private async beforeStoring(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const sends = request.method === 'POST';
    const treatment = this.plan.next(sends);
    const { fault } = treatment;
    this.treatments.set(request, treatment);
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
    if (sends) {
      const { content = '' } = request.body as { content?: string };
      this.sendRequests.push({ at: new Date(), fault, markers: findMarkers(content) });
    }
    await sleep(treatment.beforeStoringMs);
    if (fault === 'refused') {
      return reply.status(500).send({ result: 'error', msg: 'Internal server error', code: 'INTERNAL_SERVER_ERROR' });
    }
    if (fault !== 'reset_before_storing') return undefined;
    request.raw.socket.resetAndDestroy();
    return reply.hijack();
  }

  private async afterStoring(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const treatment = this.treatments.get(request);
    await sleep(treatment?.afterStoringMs ?? 0);
    if (treatment?.fault === 'reset_after_storing') request.raw.socket.resetAndDestroy();
    if (treatment?.fault !== 'bad_gateway_after_storing') return payload;
    void reply.status(502).type('text/html').removeHeader('content-length');
    return '<html><body>502 Bad Gateway</body></html>';
  }
}
