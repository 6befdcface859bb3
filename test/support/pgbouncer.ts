import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { findFreePort } from '../../src/database/embedded-postgres/free-port.js';
import { programOptions, runProgram } from '../../src/database/embedded-postgres/run-program.js';
import { findServerAccount, type ServerAccount } from '../../src/database/embedded-postgres/server-account.js';
import { waitUntil } from './wait-until.js';

/** Its settings are those that others are given. */
const CONFIGURATION = join(__dirname, '../../deploy/pgbouncer/pgbouncer.ini');
/** https://www.pgbouncer.org/config.html#max_prepared_statements: before it, transaction mode knows no names. */
const FIRST_WITH_NAMES = [1, 21] as const;

/** PgBouncer as it is installed. */
export interface PgBouncerProgram {
  file: string;
  version: string;
  /** Whether it knows prepared statements by their names in transaction mode. */
  knowsNames: boolean;
}

/** @returns undefined where it is not installed */
export async function findPgBouncer(): Promise<PgBouncerProgram | undefined> {
  const file = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
    .map((directory) => join(directory, 'pgbouncer'))
    .find((candidate) => existsSync(candidate));
  if (file === undefined) return undefined;
  const { output } = await runProgram(file, ['--version']);
  const [, version = '', major, minor] = /PgBouncer ((\d+)\.(\d+)\S*)/.exec(output) ?? [];
  const knowsNames = Number(major) > FIRST_WITH_NAMES[0] || Number(minor) >= FIRST_WITH_NAMES[1];
  return { file, version, knowsNames };
}

/** A PgBouncer in transaction mode before a server, with the settings of `deploy/pgbouncer/`. */
export class PgBouncer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly program: PgBouncerProgram,
    private readonly account: ServerAccount | undefined,
    private readonly directory: string,
    private readonly port: number,
    private readonly server: URL,
  ) {}

  /**
   * @param server logs in as a role whose password it has
   * @param settings in place of those of the file
   */
  static async start(
    program: PgBouncerProgram,
    server: string,
    settings: Record<string, string> = {},
  ): Promise<PgBouncer> {
    const directory = await mkdtemp(join(tmpdir(), 'deskwire-pgbouncer-'));
    const [account, port, url] = [await findServerAccount(), await findFreePort(), new URL(server)];
    if (account) await chown(directory, account.uid, account.gid);
    await chmod(directory, 0o711);
    const users = join(directory, 'userlist.txt');
    await writeFile(users, `"${url.username}" "${decodeURIComponent(url.password)}"\n`);
    const ours = { listen_addr: '127.0.0.1', listen_port: String(port), auth_file: users, ...settings };
    await writeFile(join(directory, 'settings.ini'), settingsOf(program, ours));
    // All databases of that server, whatever they are called.
    const lines = [
      '[databases]',
      `* = host=${url.hostname} port=${url.port}`,
      `%include ${directory}/settings.ini`,
      '',
    ];
    await writeFile(join(directory, 'pgbouncer.ini'), lines.join('\n'));
    const bouncer = new PgBouncer(program, account, directory, port, url);
    await bouncer.run();
    return bouncer;
  }

  /** Leads to a database of the server that is behind it. */
  urlOf(database: string): string {
    const url = new URL(this.server);
    url.port = String(this.port);
    url.pathname = new URL(database).pathname;
    return url.href;
  }

  /** Starts it, on the port that it had. */
  async run(): Promise<void> {
    const child = spawn(this.program.file, [join(this.directory, 'pgbouncer.ini')], {
      ...programOptions(this.account),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    await waitUntil(() => {
      if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${errors}`);
      return answers(this.urlOf(this.server.href));
    });
  }

  /** Ends it at once, with all connections: https://www.pgbouncer.org/usage.html#signals */
  async halt(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGQUIT');
    await ended;
  }

  async stop(): Promise<void> {
    await this.halt();
    await rm(this.directory, { recursive: true });
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function settingsOf(program: PgBouncerProgram, overrides: Record<string, string>): string {
  const [, section = ''] = readFileSync(CONFIGURATION, 'utf8').split('[pgbouncer]');
  const lines = section.split('\n').filter((line) => {
    const name = /^(\w+) *=/.exec(line)?.[1] ?? '';
    return !(name in overrides) && (program.knowsNames || name !== 'max_prepared_statements');
  });
  const ours = Object.entries(overrides).map(([name, value]) => `${name} = ${value}`);
  return ['[pgbouncer]', ...lines, ...ours, ''].join('\n');
}
