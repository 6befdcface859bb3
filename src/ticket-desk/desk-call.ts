import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type InboundCall, readCall } from '../intake/inbound-call.js';

/** The request as the log keeps it. Its body has been parsed by now, so it is written as JSON again. */
export const DeskCall = createParamDecorator((_data: unknown, context: ExecutionContext): InboundCall => {
  const request = context.switchToHttp().getRequest<FastifyRequest<{ Body: Buffer | undefined }>>();
  const body: unknown = request.body;
  return {
    ...readCall(request),
    // Once it has been judged: before that it may nest as deep as it likes.
    get body() {
      return body === undefined || body === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
    },
  };
});
