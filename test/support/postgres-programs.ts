import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findFreePort } from '../../src/database/embedded-postgres/free-port.js';
import { runProgram } from '../../src/database/embedded-postgres/run-program.js';
import { findServerAccount } from '../../src/database/embedded-postgres/server-account.js';
import { stopWithParent } from '../../src/database/embedded-postgres/stop-with-parent.js';
import { readPostmasterPid } from '../../src/database/embedded-postgres/postmaster-pid-file.js';
import { quickDirectory } from './quick-directory.js';
import type { TestServer } from './test-server.js';

/** Where Debian keeps each major version's programs; elsewhere they are on the PATH. */
const DEBIAN = '/usr/lib/postgresql';
const FIRST_SUPPORTED = 15;

/** PostgreSQL's client programs of one version, and its server where it lies beside them. */
export interface PostgresPrograms {
  directory: string;
  major: number;
  hasServer: boolean;
}

/** @returns what is installed, newest first */
export async function findPostgresPrograms(): Promise<PostgresPrograms[]> {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [];
  const directories = [...debian, ...(process.env['PATH'] ?? '').split(delimiter)];
  const found: PostgresPrograms[] = [];
  for (const directory of directories.filter((one) => existsSync(join(one, 'pg_dump')))) {
    const { output } = await runProgram(join(directory, 'pg_dump'), ['--version']);
    const major = Number(/ (\d+)[.\d]* ?/.exec(output)?.[1]);
    const hasServer = ['initdb', 'pg_ctl', 'postgres'].every((name) => existsSync(join(directory, name)));
    if (major >= FIRST_SUPPORTED) found.push({ directory, major, hasServer });
  }
  return found.sort((a, b) => b.major - a.major);
}

/** Starts an empty server of that version in a temporary directory; its role may do everything. */
export async function startServerOf({ directory: programs }: PostgresPrograms): Promise<TestServer> {
  const directory = await mkdtemp(join(quickDirectory(), 'deskwire-postgres-'));
  const account = await findServerAccount();
  if (account !== undefined) await chown(directory, account.uid, account.gid);
  await chmod(directory, 0o700);
  const cluster = join(directory, 'cluster');
  const port = await findFreePort();
  const settings = [...['listen_addresses=127.0.0.1', 'fsync=off', 'unix_socket_directories=', `port=${port}`]].map(
    (setting) => `-c ${setting}`,
  );
  const run = async (program: string, ...args: string[]): Promise<void> => {
    const { code, output } = await runProgram(join(programs, program), args, { account });
    if (code !== 0) throw new Error(`${program}: ${output}`);
  };
  // On loopback, for a minute: whoever may connect there may run this test as well.
  await run('initdb', '--pgdata', cluster, '--username=deskwire', '--auth=trust', '--encoding=UTF8', '--no-sync');
  await run(
    'pg_ctl',
    'start',
    '--pgdata',
    cluster,
    '--wait',
    '-o',
    settings.join(' '),
    '--log',
    join(directory, 'log'),
  );
  const { pid } = (await readPostmasterPid(cluster)) ?? {};
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const release = pid === undefined ? () => undefined : stopWithParent(pid, account, quiet);
  return {
    url: `postgres://deskwire@127.0.0.1:${port}/postgres`,
    async stop() {
      await run('pg_ctl', 'stop', '--pgdata', cluster, '--mode=fast', '--wait');
      release();
      await rm(directory, { recursive: true });
    },
  };
}
