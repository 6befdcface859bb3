import { pino } from 'pino';
import type { Environment } from '../config/environment.js';
import { logOptions } from './log-options.js';

/** What is said before Nest runs, and by what outlives it: the embedded database. */
export interface StartUpLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export function startUpLog(environment: Environment): StartUpLog {
  return pino(logOptions(environment)).child({ context: 'database' });
}
