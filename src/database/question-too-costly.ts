import { Problem } from '../http/problem.js';
import { errorCode } from './error-code.js';

/** query_canceled, as by `statement_timeout`: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const QUERY_CANCELED = '57014';

/** @returns whether the server gave up a statement for the time that it took, whoever reports it */
export function wasGivenUp(error: unknown): boolean {
  return [error, (error as Error | undefined)?.cause].some((each) => errorCode(each) === QUERY_CANCELED);
}

/** For what names so much that the database gives up: the same again would end the same way. */
export function questionTooCostly(cause: unknown): Problem {
  const detail = 'This takes too long to find out: narrow it down, by since and until for instance.';
  return new Problem(400, 'question_too_costly', detail, { cause });
}
