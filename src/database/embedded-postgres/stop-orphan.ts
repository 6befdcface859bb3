import { PostgresStartError } from './errors.js';
import { type PostgresBinaries } from './find-binaries.js';
import { type EmbeddedPostgresLog } from './log.js';
import { type ClusterPlace } from './place-cluster.js';
import { disownPostmasterPid, readPostmasterPid } from './postmaster-pid-file.js';
import { commandOf, pidRuns } from './process-identity.js';
import { runProgram } from './run-program.js';

const FAST_LIMIT_S = 20;
const IMMEDIATE_LIMIT_S = 5;

/**
 * Stops a server that outlived its gateway. Only to be called by the directory's owner: a live gateway's server is never
 * an orphan. A process that merely has the number of a dead server is left alone.
 *
 * @throws PostgresStartError when it does not stop
 */
export async function stopOrphan(
  binaries: PostgresBinaries,
  place: Pick<ClusterPlace, 'directory' | 'account'>,
  log: EmbeddedPostgresLog,
): Promise<void> {
  const left = await readPostmasterPid(place.directory);
  if (left === undefined) return;
  const running = (await pidRuns(left.pid)) ? await commandOf(left.pid) : '';
  // What cannot be seen is left to the server's own check of the file, which errs on the safe side.
  if (running === undefined) return;
  if (!isServerOf(place.directory, running)) {
    await disownPostmasterPid(place.directory);
    return;
  }
  log.warn(`stopping the PostgreSQL server (process ${left.pid}) that an earlier gateway left running`);
  const stop = (mode: string, limit: number) =>
    runProgram(binaries.pgCtl, ['stop', '-D', place.directory, '-m', mode, '-t', `${limit}`], {
      account: place.account,
    });
  const fast = await stop('fast', FAST_LIMIT_S);
  if (fast.code === 0 || !(await pidRuns(left.pid))) return;
  const immediate = await stop('immediate', IMMEDIATE_LIMIT_S);
  if (immediate.code === 0 || !(await pidRuns(left.pid))) return;
  throw new PostgresStartError(`The server (process ${left.pid}) does not stop`, fast.output + immediate.output);
}

/** A server is always started with its data directory as an argument; Windows shows no arguments, only the program. */
function isServerOf(directory: string, command: string): boolean {
  return process.platform === 'win32' ? command.includes('postgres.exe') : command.includes(`-D ${directory} `);
}
