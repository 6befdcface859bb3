import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Environment } from '../config/environment.js';
import { notFound, Problem } from '../http/problem.js';
import { SourceDirectory } from '../sources/source-directory.js';
import { KeyJudge } from './key-judge.js';

/** Smaller ones are read before anybody is asked who he is. */
const LARGE_BYTES = 16_384;
/** Of large bodies that are being read or worked on, those that the hook door takes left out. */
const MOST_BYTES = 67_108_864;
const COME_AGAIN_SECONDS = 1;
const HOOK = '/hooks/:provider/:token';
/** Has keys of its own, and takes no more than a message. */
const SANDBOX = '/sandbox/';

/**
 * Has whoever sends much show first that he may, so that strangers cannot fill the memory; and bounds how much is held for
 * all others. Judged by the headers, before the body is read.
 */
@Injectable()
export class LargeBodies {
  private heldBytes = 0;

  constructor(
    private readonly keys: KeyJudge,
    private readonly sources: SourceDirectory,
    private readonly environment: Environment,
  ) {}

  /** @throws what a request is answered with: as the API key guard; 404 for an unknown hook or address; 503 `queue_full` */
  guard(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      const bytes = this.announced(request);
      if (bytes <= LARGE_BYTES) done();
      else
        this.admit(request, reply, bytes).then(() => {
          done();
        }, done);
    });
  }

  private announced({ headers }: FastifyRequest): number {
    if (headers['transfer-encoding'] !== undefined) return this.environment.BODY_LIMIT;
    const length = Number(headers['content-length'] ?? 0);
    // Refused by its length alone.
    return length > this.environment.BODY_LIMIT ? 0 : length;
  }

  private async admit(request: FastifyRequest, reply: FastifyReply, bytes: number): Promise<void> {
    const { url = '' } = request.routeOptions;
    if (request.is404) throw notFound('address');
    if (url === HOOK) {
      const { provider, token } = request.params as { provider: string; token: string };
      if (!this.sources.find(provider, token)) throw notFound('hook');
    } else if (!url.startsWith(SANDBOX)) {
      await this.keys.require(request, reply);
    }
    this.hold(bytes, reply);
  }

  private hold(bytes: number, reply: FastifyReply): void {
    // Whoever has gone while he was judged sends nothing, and is not heard leaving again.
    if (reply.raw.destroyed) return;
    if (this.heldBytes + bytes > MOST_BYTES) {
      const again = { retryAfterSeconds: COME_AGAIN_SECONDS };
      throw new Problem(503, 'queue_full', 'More is being sent than can be held; try again shortly.', again);
    }
    this.heldBytes += bytes;
    reply.raw.once('close', () => {
      this.heldBytes -= bytes;
    });
  }
}
