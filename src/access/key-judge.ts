import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import { AttemptLimiter } from './attempt-limiter.js';
import { Authenticator } from './authenticator.js';
import { hashKey } from './key-format.js';
import { presentedKey } from './presented-key.js';
import type { ValidKey } from './sql/find-valid-key.js';

/** Judges the key that a request is made with. */
@Injectable()
export class KeyJudge {
  constructor(
    private readonly keys: Authenticator,
    private readonly attempts: AttemptLimiter,
  ) {}

  /**
   * @param mayRecall whether a key that was found of late is enough while the database is away
   * @throws Problem 401 `unauthorized` without a valid key; 429 `too_many_attempts`
   */
  async require(request: FastifyRequest, reply: FastifyReply, mayRecall = false): Promise<ValidKey> {
    const key = await this.find(request, mayRecall);
    if (key) return key;
    // RFC 9110, 15.5.2: a 401 says which scheme it is asked for.
    void reply.header('www-authenticate', 'Bearer');
    throw new Problem(
      401,
      'unauthorized',
      'Send a valid API key as "Authorization: Bearer dw_…" or "X-API-Key: dw_…".',
    );
  }

  /** No key at all is no attempt: nothing is guessed. */
  private async find(request: FastifyRequest, mayRecall: boolean): Promise<ValidKey | null> {
    const presented = presentedKey(request);
    if (presented === undefined) return null;
    return this.attempts.judge(request.ip, hashKey(presented), (hash) =>
      mayRecall ? this.keys.authenticateOrRecall(hash) : this.keys.authenticate(hash),
    );
  }
}
