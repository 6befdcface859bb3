import { PostgresStartError } from './errors.js';
import { type PostgresBinaries } from './find-binaries.js';
import { type ClusterPlace } from './place-cluster.js';
import { SUPERUSER } from './postgres-settings.js';
import { runProgram } from './run-program.js';

/**
 * Gives the superuser of a stopped cluster a new password, where the old one is not known: postgres.json was lost, or the
 * gateway was killed between making the cluster and recording it. Single-user mode needs none; the statement goes by
 * standard input, so that it shows in no process list.
 *
 * @param password hexadecimal, so that nothing in it needs quoting
 * @throws PostgresStartError with the server's words
 */
export async function resetPassword(binaries: PostgresBinaries, place: ClusterPlace, password: string): Promise<void> {
  const { code, output } = await runProgram(binaries.postgres, ['--single', '-D', place.directory, 'postgres'], {
    account: place.account,
    input: `alter role ${SUPERUSER} password '${password}'\n`,
  });
  if (code !== 0 || output.includes('ERROR:')) throw new PostgresStartError('The password could not be reset', output);
}
