import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AttemptLimiter } from '../access/attempt-limiter.js';
import { Authenticator } from '../access/authenticator.js';
import { hashKey } from '../access/key-format.js';
import { presentedKey } from '../access/presented-key.js';
import { Clock } from '../clock/clock.js';

/**
 * Who is told more than whether all is well. A probe with a key that opens nothing is answered like one without, and
 * counts as no attempt elsewhere; beyond twenty of them a minute and address the database is not asked.
 */
@Injectable()
export class Details {
  private readonly attempts: AttemptLimiter;

  constructor(
    private readonly keys: Authenticator,
    clock: Clock,
  ) {
    this.attempts = new AttemptLimiter(clock);
  }

  /** @returns whether whoever asks may see them */
  async areFor(request: FastifyRequest): Promise<boolean> {
    const presented = presentedKey(request);
    if (presented === undefined) return false;
    try {
      const judge = (hash: Buffer): ReturnType<Authenticator['authenticate']> => this.keys.authenticateOrRecall(hash);
      const key = await this.attempts.judge(request.ip, hashKey(presented), judge);
      return key !== null && key.role !== 'ingest';
    } catch {
      // Too many wrong keys, or a database that cannot say: probes are answered all the same.
      return false;
    }
  }
}
