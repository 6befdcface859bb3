import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ApiRole } from './required-role.js';

/** Whoever called, as the key says that they sent. */
export interface Caller {
  keyId: string;
  role: ApiRole;
  /** The source whose events an `ingest` key posts; null for other roles. */
  sourceId: string | null;
}

/** Weak: forgotten with the request. */
const callers = new WeakMap<FastifyRequest, Caller>();

/** Told by the guard once it knows. */
export function rememberCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** @returns whoever made a request to a handler that needs a key */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error('The handler is public: it has no caller.');
  return caller;
}

/** The caller of a handler that needs a key. */
export const CallerOf = createParamDecorator((_data: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
