import { HttpException } from '@nestjs/common';

/** One field of a request that cannot be used. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** Something that uses what was to be deleted. */
export interface User {
  /** e.g. `route`, `api_key`. */
  kind: string;
  id: string;
  name: string;
}

export interface ProblemOptions {
  /** Listed in the document, for requests with more than one fault. */
  errors?: FieldProblem[];
  /** Listed in the document: what stands in the way of a deletion. */
  usedBy?: readonly User[];
  /** Sent as `Retry-After`, in whole seconds (RFC 9110, 10.2.3). */
  retryAfterSeconds?: number;
  /** Kept for the log, never shown. */
  cause?: unknown;
}

/** What a client sees of an error: RFC 9457, with a stable `code` to branch on. */
export interface ProblemDocument {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: FieldProblem[];
  used_by?: readonly User[];
  /** Names a fault of ours in the log. */
  error_id?: string;
}

/** An error that the client may read: every word of `detail` is shown. */
export class Problem extends HttpException {
  constructor(
    status: number,
    readonly code: string,
    readonly detail: string,
    readonly extra: ProblemOptions = {},
  ) {
    super(detail, status, { cause: extra.cause });
  }
}

/** @returns a 404 that says what was looked for. */
export function notFound(what: string): Problem {
  return new Problem(404, 'not_found', `There is no such ${what}.`);
}

/** @returns a 409: what is stored cannot be decrypted, and only a person can help */
export function secretUnreadable(what: string, remedy: string): Problem {
  return new Problem(409, 'secret_unreadable', `The ${what} cannot be decrypted: ${remedy}.`);
}

/** @returns a 409 that names whatever uses a thing which was to be deleted or disabled */
export function inUse(what: string, usedBy: readonly User[]): Problem {
  const names = usedBy.map(({ kind, name }) => `${kind.replaceAll('_', ' ')} "${name}"`).join(', ');
  return new Problem(409, 'in_use', `The ${what} is in use by ${names}.`, { usedBy });
}
