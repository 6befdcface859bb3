import { errorCode } from './error-code.js';

const UNIQUE_VIOLATION = '23505';

/** @returns whether the database refused a row because `constraint` (a unique index or constraint) already holds its value */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return errorCode(error) === UNIQUE_VIOLATION && (error as { constraint?: unknown }).constraint === constraint;
}
