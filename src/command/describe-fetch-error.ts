import { errorCode } from '../database/error-code.js';

/** @returns why there was no answer, in words; without the address, in which a token may stand */
export function describeFetchError(error: unknown): string {
  // Node's fetch says "fetch failed" of everything; what happened is the cause, or several where a name has several addresses.
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  const code = errorCode(first);
  if (code === 'ECONNREFUSED') return 'nobody listens there (ECONNREFUSED).';
  if (code === 'ENOTFOUND') return 'there is no such host (ENOTFOUND).';
  if (first instanceof Error && first.name === 'TimeoutError') return 'it took too long.';
  return first instanceof Error ? `${first.message}.` : String(first);
}
