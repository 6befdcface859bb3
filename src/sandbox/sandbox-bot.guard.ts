import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readBasicCredentials } from './basic-credentials.js';
import { rateLimitHit } from './sandbox-error.js';
import type { SandboxBot } from './sandbox-message.js';
import type { RateVerdict } from './sandbox-rate-limit.js';
import { SandboxZulip } from './sandbox-zulip.js';

const bots = new WeakMap<FastifyRequest, SandboxBot>();

/** Lets the bot in, as often as its rate limit allows, and says on every answer how much of that is left. */
@Injectable()
export class SandboxBotGuard implements CanActivate {
  constructor(private readonly sandbox: SandboxZulip) {}

  /** @throws SandboxError 401 without the bot's key, 429 beyond its rate limit */
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { email, apiKey } = readBasicCredentials(request.headers.authorization);
    const { bot, rate } = this.sandbox.admit(email, apiKey);
    showLimit(http.getResponse<FastifyReply>(), rate);
    if (rate.retryAfter !== undefined) throw rateLimitHit(rate.retryAfter);
    bots.set(request, bot);
    return true;
  }
}

/** @returns the bot that the guard let in with a request */
export function botOf(request: FastifyRequest): SandboxBot {
  const bot = bots.get(request);
  if (!bot) throw new Error('The request did not pass SandboxBotGuard.');
  return bot;
}

/** https://zulip.com/api/rest-error-handling#rate-limit-exceeded */
function showLimit(reply: FastifyReply, { limit, remaining, resetAt }: RateVerdict): void {
  void reply.headers({
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.floor(resetAt)),
  });
}
