import { destination, pino } from 'pino';
import type { Environment } from '../config/environment.js';
import { logOptions } from './log-options.js';

/**
 * Has an error that nobody caught logged like any other, at `fatal`, before it ends the process: Node itself would print it
 * as it is, with whatever a driver has hung on it. A rejection that nobody handled comes here as well
 * (https://nodejs.org/api/process.html#event-uncaughtexception, of Node's default `--unhandled-rejections=throw`).
 *
 * Nothing goes on: whatever state the process is in, what was accepted is in the database.
 */
export function logLastWords(environment: Environment): void {
  // Written at once: nothing is left to be flushed.
  const log = pino(logOptions(environment), destination({ fd: 1, sync: true })).child({ context: 'process' });
  process.on('uncaughtException', (error: unknown, origin) => {
    try {
      log.fatal({ err: error instanceof Error ? error : new Error(String(error)) }, `${origin}: the process ends`);
    } finally {
      process.exit(1);
    }
  });
}
