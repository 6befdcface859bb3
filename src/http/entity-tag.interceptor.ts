import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { entityTag } from './entity-tag.js';

/** Sends the `version` of whatever a handler answers with as its `ETag`, for `If-Match`. */
@Injectable()
export class EntityTagInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      tap((answer: unknown) => {
        const version = (answer as { version?: unknown } | undefined)?.version;
        if (typeof version !== 'number') return;
        void context.switchToHttp().getResponse<FastifyReply>().header('etag', entityTag(version));
      }),
    );
  }
}
