import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Environment } from '../config/environment.js';
import { PROBLEM_TYPE, problemDocument, retryAfterOf } from '../http/problem-document.js';
import { type ActiveSource, SourceDirectory } from '../sources/source-directory.js';
import { SourceGate } from '../sources/source-gate.js';
import { HEAVY_BYTES } from './heavy-lane.js';
import { toAnswer } from './hook-answer.js';
import { HOOK, type InboundCall } from './inbound-call.js';
import { IntakeService } from './intake.service.js';
import { WebhookCounts } from './metrics/webhook-counts.js';
import { QUEUE_FULL, toProblem } from './to-problem.js';
import { WebhookWriter } from './webhook-writer.js';

/** As our hook URLs are spelled, without parameters. */
const PLAIN_ADDRESS = /^\/hooks\/([a-z-]{1,50})\/([\w-]{1,200})$/;
const LENGTH = /^\d{1,9}$/;
/** What Fastify and Nest have something to say about. */
const SPECIAL_HEADERS = ['transfer-encoding', 'content-encoding', 'set-cookie', 'upgrade'] as const;

const FULL = JSON.stringify(problemDocument(QUEUE_FULL));
const FULL_HEADERS = {
  'content-type': PROBLEM_TYPE,
  'content-length': Buffer.byteLength(FULL),
  'retry-after': retryAfterOf(QUEUE_FULL),
};

/** So that a server that is being stopped need not wait for the connection. */
const CLOSE = { connection: 'close' };

/** A webhook that the door takes itself. */
interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  source: ActiveSource;
  token: string;
  /** Of the body, as it was announced. */
  length: number;
}

/**
 * The one place where Fastify and Nest are passed by: a webhook to a hook URL as we spell them, of a length that is known
 * and allowed, for a source that takes from anywhere, goes straight to intake. That is nearly all webhooks there are, and
 * costs a sixth less processor time each (measured: docs/performance.md). Everything else is Fastify's, and so are the
 * answers to webhooks that are refused: they are handed over with their problem. But while the queue is full, which is when
 * refusals must cost next to nothing, they are refused here, before their bodies are read.
 */
@Injectable()
export class HookDoor {
  private readonly problems = new WeakMap<IncomingMessage, Error>();
  private isOpen: () => boolean = () => true;

  constructor(
    private readonly sources: SourceDirectory,
    private readonly gate: SourceGate,
    private readonly intake: IntakeService,
    private readonly writer: WebhookWriter,
    private readonly counts: WebhookCounts,
    @Inject(Environment) private readonly environment: Environment,
  ) {}

  /** Stands before Fastify on its own server. @param isOpen false: everything is Fastify's */
  standBefore(fastify: FastifyInstance, isOpen: () => boolean): void {
    this.isOpen = isOpen;
    const { server } = fastify;
    const [next] = server.listeners('request') as RequestListener[];
    if (!next) throw new Error('Fastify does not listen for requests yet.');
    server.removeListener('request', next);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const visit = isOpen() ? this.recognise(request, response) : undefined;
      if (!visit) next(request, response);
      else if (this.hasRoom(visit)) this.read(visit, next);
      else this.refuse(visit);
    });
    fastify.addHook('onRequest', (request, _reply, done) => {
      done(this.problems.get(request.raw));
    });
  }

  private recognise(request: IncomingMessage, response: ServerResponse): Visit | undefined {
    if (request.method !== 'POST') return undefined;
    const [, provider, token] = PLAIN_ADDRESS.exec(request.url ?? '') ?? [];
    if (provider === undefined || token === undefined || !this.isPlain(request.headers)) return undefined;
    const source = this.sources.find(provider, token);
    const length = Number(request.headers['content-length']);
    return source && !source.allowedAddresses ? { request, response, source, token, length } : undefined;
  }

  private isPlain(headers: IncomingMessage['headers']): boolean {
    const length = headers['content-length'];
    if (length === undefined || !LENGTH.test(length) || Number(length) > this.environment.BODY_LIMIT) return false;
    return SPECIAL_HEADERS.every((name) => headers[name] === undefined);
  }

  private hasRoom({ length }: Visit): boolean {
    return !this.writer.isFull && (length < HEAVY_BYTES || this.writer.heavyLane.fill < 1);
  }

  private refuse({ response, source, length }: Visit): void {
    this.writer.noteRefusal();
    // Nobody waits for a large body that is of no use; a small one is here already.
    const close = length < HEAVY_BYTES && this.isOpen() ? undefined : CLOSE;
    response.writeHead(QUEUE_FULL.getStatus(), { ...FULL_HEADERS, ...close });
    response.end(FULL);
    this.counts.refused(source.provider, QUEUE_FULL);
  }

  private read(visit: Visit, next: RequestListener): void {
    const chunks: Buffer[] = [];
    visit.request.on('data', (chunk: Buffer) => chunks.push(chunk));
    visit.request.on('end', () => {
      // One that is broken off has no end, and nobody to answer.
      const [only, ...more] = chunks.splice(0);
      const body = more.length === 0 ? (only ?? Buffer.alloc(0)) : Buffer.concat([only as Buffer, ...more]);
      this.take(visit, body).catch((error: unknown) => {
        const problem = toProblem(error);
        this.problems.set(visit.request, problem instanceof Error ? problem : new Error(String(problem)));
        next(visit.request, visit.response);
      });
    });
  }

  private async take({ request, response, source, token }: Visit, body: Buffer): Promise<void> {
    this.gate.admitTo(source, { ip: '' });
    // None of them is a list: only `set-cookie` can be one (https://nodejs.org/api/http.html#messageheaders).
    const headers = request.headers as InboundCall['headers'];
    const result = await this.intake.accept({ endpoint: HOOK, headers, query: {}, body, token }, source);
    const answer = JSON.stringify(toAnswer(result));
    const status = result.kind === 'accepted' ? 202 : 200;
    this.counts.taken(source.provider, result.kind, status);
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(answer),
      ...(this.isOpen() ? undefined : CLOSE),
    });
    response.end(answer);
  }
}
