import { isDatabaseUnavailable } from './database-unavailable.js';
import { errorCode } from './error-code.js';

/** Wrong user, password or database: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const ACCESS_CODES = new Set(['28P01', '28000', '3D000', '42501']);

/** @returns in words for the operator why the database cannot be used, never its URL; undefined for other errors */
export function describeDatabaseError(error: unknown): string | undefined {
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code !== undefined && ACCESS_CODES.has(code)) return `DATABASE_URL: the database refuses: ${message}.`;
  if (isDatabaseUnavailable(error)) return `DATABASE_URL: the database cannot be reached (${code ?? message}).`;
  return undefined;
}
