import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../clock/clock.js';
import { DatabaseUnavailableError, isDatabaseUnavailable } from '../database/database-unavailable.js';
import { AnsweredProblems } from './answered-problems.js';
import { Problem, type ProblemDocument } from './problem.js';
import { PROBLEM_TYPE, problemDocument, retryAfterOf } from './problem-document.js';
import { markAnswer } from './protect-answers.js';

/** Codes for errors that the framework raises, by status. */
const FRAMEWORK_CODES: Readonly<Record<number, { code: string; detail: string }>> = {
  400: { code: 'bad_request', detail: 'The request cannot be read.' },
  404: { code: 'not_found', detail: 'There is nothing at this address.' },
  405: { code: 'method_not_allowed', detail: 'This method is not supported here.' },
  413: { code: 'body_too_large', detail: 'The request body is larger than this gateway accepts.' },
  414: { code: 'uri_too_long', detail: 'The address is too long.' },
  415: { code: 'unsupported_media_type', detail: 'Send application/json.' },
};

/** How long a client should wait before it tries again while the database is away. */
const DATABASE_RETRY_SECONDS = 5;
/** While it is away, that is logged of one request in so many milliseconds. */
const SAY_AGAIN_MS = 1_000;

/** For nobody: whoever sent it has gone. Neither counted nor logged. */
const GONE = new Problem(400, 'client_gone', 'The request broke off.');

/** Turns whatever was thrown into a problem document (RFC 9457). A fault of ours is logged with an id and shows nothing else. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');
  private saidAwayAt = Number.NEGATIVE_INFINITY;
  /** Requests that were refused since then because the database is away. */
  private unsaid = 0;

  constructor(
    private readonly answered: AnsweredProblems,
    private readonly clock: Clock,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const problem = this.toProblem(thrown, request);
    if (problem !== GONE) this.answered.tell(request, problem);
    const status = problem.getStatus();
    const document: ProblemDocument = {
      ...problemDocument(problem),
      ...(status === 500 && { error_id: this.logFault(thrown, request) }),
    };
    const retryAfter = retryAfterOf(problem);
    if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
    markAnswer(reply);
    void reply.status(status).header('content-type', PROBLEM_TYPE);
    // As text: Fastify would add a second charset to the content type of an object.
    void reply.send(JSON.stringify(document));
  }

  private toProblem(thrown: unknown, request: FastifyRequest): Problem {
    if (thrown instanceof Problem) return thrown;
    if (isBrokenOff(request.raw)) return GONE;
    if (thrown instanceof DatabaseUnavailableError || isDatabaseUnavailable(thrown)) {
      this.logDatabaseAway(thrown, request);
      return new Problem(503, 'database_unavailable', 'The database is away; try again shortly.', {
        retryAfterSeconds: DATABASE_RETRY_SECONDS,
      });
    }
    const status = frameworkStatus(thrown);
    const known = FRAMEWORK_CODES[status];
    if (known) return new Problem(status, known.code, known.detail);
    if (status >= 400 && status < 500) return new Problem(status, 'bad_request', 'The request cannot be handled.');
    return new Problem(500, 'internal_error', 'Something went wrong on our side; the log has it under error_id.');
  }

  private logDatabaseAway(thrown: unknown, request: FastifyRequest): void {
    const now = this.clock.steady();
    if (now - this.saidAwayAt < SAY_AGAIN_MS) {
      this.unsaid += 1;
      return;
    }
    this.logger.error({ err: thrown, req: request, others: this.unsaid }, 'the database is away');
    this.saidAwayAt = now;
    this.unsaid = 0;
  }

  private logFault(thrown: unknown, request: FastifyRequest): string {
    const errorId = randomUUID();
    this.logger.error({ err: thrown, error_id: errorId, req: request }, 'a fault of ours');
    return errorId;
  }
}

/** Its connection ended within it. Node's error for that looks like one of the database's. */
function isBrokenOff({ complete, destroyed }: IncomingMessage): boolean {
  return destroyed && !complete;
}

/** Nest's own exceptions and Fastify's errors both carry a status. */
function frameworkStatus(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number')
    return thrown.statusCode;
  return 500;
}
