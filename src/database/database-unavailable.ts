import { isNativeError } from 'node:util/types';
import { errorCode } from './error-code.js';

/** The database cannot be reached or is not taking work; the same request may succeed later. */
export class DatabaseUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The database is away.', { cause });
    this.name = 'DatabaseUnavailableError';
  }
}

/**
 * SQLSTATE classes and codes that speak of the server, not of the statement
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html): connection exceptions, insufficient resources,
 * operator intervention (shutdown, starting up), read-only during a failover.
 */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58']);
const READ_ONLY_TRANSACTION = '25006';

/** What Node reports when a socket to the server fails. */
const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]);

/** What the pg driver says, without a code, when a connection ends under a statement or cannot be had. */
const DRIVER_MESSAGES =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/;

/** @returns whether an error of pg or TypeORM means that the database is away rather than that the statement is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined && (SOCKET_ERRORS.has(code) || code === READ_ONLY_TRANSACTION)) return true;
  if (code?.length === 5 && UNAVAILABLE_CLASSES.has(code.slice(0, 2))) return true;
  return isNativeError(error) && DRIVER_MESSAGES.test(error.message);
}
