import type { Problem, ProblemDocument } from './problem.js';
import { statusTitle } from './status-title.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** @returns what a client is shown of a problem */
export function problemDocument(problem: Problem): ProblemDocument {
  const { code, detail, extra } = problem;
  const status = problem.getStatus();
  return {
    type: 'about:blank',
    title: statusTitle(status),
    status,
    detail,
    code,
    ...(extra.errors && { errors: extra.errors }),
    ...(extra.usedBy && { used_by: extra.usedBy }),
  };
}

/** @returns `Retry-After` in whole seconds (RFC 9110, 10.2.3); undefined where there is nothing to wait for */
export function retryAfterOf({ extra: { retryAfterSeconds } }: Problem): string | undefined {
  return retryAfterSeconds === undefined ? undefined : String(Math.ceil(retryAfterSeconds));
}
