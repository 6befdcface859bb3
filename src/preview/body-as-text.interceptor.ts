import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { Problem } from '../http/problem.js';

/**
 * Turns a webhook that is given as JSON into the text that its hook would get, before anybody looks into it: what a helpdesk
 * names its fields (Jira has a `toString`) is nothing that this API's own rules for names are about, and class-transformer
 * would drop or follow some of them.
 */
@Injectable()
export class BodyAsTextInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const asked: unknown = request.body;
    if (isPlainObject(asked) && Object.hasOwn(asked, 'body') && typeof asked['body'] !== 'string') {
      request.body = { ...asked, body: textOf(asked['body']) };
    }
    return next.handle();
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** @throws Problem 400 `unreadable_body` for what nests so deeply that not even JSON.stringify gets through */
function textOf(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch (error) {
    throw new Problem(400, 'unreadable_body', 'body: nests too deeply.', { cause: error });
  }
}
