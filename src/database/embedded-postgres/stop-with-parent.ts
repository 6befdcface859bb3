import { spawn } from 'node:child_process';
import { type EmbeddedPostgresLog } from './log.js';
import { programOptions } from './run-program.js';
import { type ServerAccount } from './server-account.js';

/** `read` ends with a line when we let go, and without one when we are dead and the pipe is closed by the system. */
const WAIT_FOR_PARENT = 'read -r released || kill -INT "$1"';

/**
 * Stops the server if this process ends without doing so, even by kill -9: a shell, in a session of its own, holds the
 * other end of a pipe and then asks for a fast shutdown. Without it a database server would run until the next start, or
 * for ever. Windows has no such shell; there the next start stops the orphan.
 *
 * @returns a function that lets go; to be called once the server has ended
 */
export function stopWithParent(pid: number, account: ServerAccount | undefined, log: EmbeddedPostgresLog): () => void {
  if (process.platform === 'win32') return () => undefined;
  const guard = spawn('/bin/sh', ['-c', WAIT_FOR_PARENT, 'deskwire-postgres-guard', `${pid}`], {
    ...programOptions(account),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  let released = false;
  const lost = (error: Error) => {
    if (!released) log.warn(`the server would outlive a sudden end of this process: ${error.message}`);
  };
  guard.on('error', lost);
  guard.stdin.on('error', lost);
  guard.unref();
  return () => {
    released = true;
    guard.stdin.end('released\n');
  };
}
