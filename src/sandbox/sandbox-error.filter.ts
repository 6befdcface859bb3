import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SandboxError } from './sandbox-error.js';

/** Answers in Zulip's shape, unlike the rest of the gateway. What is no SandboxError is a fault of ours and goes the usual way. */
@Catch(SandboxError)
export class SandboxErrorFilter implements ExceptionFilter {
  catch(error: SandboxError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, code, message, data, headers } = error;
    void reply
      .status(status)
      .headers(headers)
      .send({ result: 'error', msg: message, code, ...data });
  }
}
