import { type LoggerOptions, stdSerializers } from 'pino';
import type { Environment } from '../config/environment.js';
import { secretMask } from './mask-secrets.js';

/** What every logger of ours has in common: its level, how errors are shown, and that no secret leaves it. */
export function logOptions(environment: Environment) {
  return {
    level: environment.LOG_LEVEL,
    hooks: { streamWrite: secretMask(environment.secretValues()) },
    serializers: { err: (error: Error) => shownError(stdSerializers.err(error)) },
  } satisfies LoggerOptions;
}

/**
 * Of an error its words and where it came from. What else drivers hang on it is left out: the parameters of a statement,
 * or the row that breaks a rule, are what helpdesks and admins entrusted to us.
 */
export function shownError({
  type,
  message,
  stack,
  code,
}: {
  type: string;
  message: string;
  stack: string;
  code?: unknown;
}): {
  type: string;
  message: string;
  stack: string;
  code?: unknown;
} {
  return { type, message, stack, ...(code !== undefined && { code }) };
}
