import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, chmod, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/database/embedded-postgres/embedded-postgres.js';
import { errorCode } from '../../src/database/error-code.js';
import { pidRuns } from '../../src/database/embedded-postgres/process-identity.js';
import { waitUntil } from './wait-until.js';

/** What a child process tells about its start. */
export type ChildMessage = { url: string } | { error: string; message: string };

/** Servers and gateway processes on temporary directories; `end` stops and removes all of them. */
export class EmbeddedPostgresWorkshop {
  readonly said: string[] = [];
  private readonly running: EmbeddedPostgres[] = [];
  private readonly children: ChildProcess[] = [];
  private readonly directories: string[] = [];

  /** @returns a directory that does not exist yet, in one that everybody may enter (or only its owner, where `mode` says so) */
  async newDataDir(mode = 0o711): Promise<string> {
    const parent = await mkdtemp(join(tmpdir(), 'deskwire-embedded-'));
    await chmod(parent, mode);
    this.directories.push(parent);
    return join(parent, 'data');
  }

  async start(dataDir: string): Promise<EmbeddedPostgres> {
    const say = (message: string) => this.said.push(message);
    const postgres = await startEmbeddedPostgres({ dataDir, log: { info: say, warn: say, error: say } });
    this.running.push(postgres);
    return postgres;
  }

  /** A process of its own, in a process group of its own, that starts the server and keeps it. */
  spawn(dataDir: string): ChildProcess {
    const child = fork(join(__dirname, 'embedded-postgres-child.ts'), [dataDir], {
      execArgv: ['--import', join(__dirname, 'run-typescript.mjs')],
      detached: true,
    });
    this.children.push(child);
    return child;
  }

  /** Ends what was started, each by its own number, and removes its files. */
  async end(): Promise<void> {
    for (const postgres of this.running.splice(0)) await postgres.stop();
    const pids: number[] = [];
    for (const directory of this.directories) pids.push(...(await postmasterPids(directory)));
    for (const child of this.children.splice(0)) await killNow(child);
    for (const pid of pids) await waitUntilGone(pid);
    for (const directory of this.directories.splice(0)) await rm(directory, { recursive: true, force: true });
  }
}

/** @returns what the child tells of its start */
export function outcome(child: ChildProcess): Promise<ChildMessage> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      resolve(message as ChildMessage);
    });
    child.once('exit', (code, signal) => {
      reject(new Error(`The child ended without a word: ${String(code ?? signal)}`));
    });
  });
}

/** kill -9, waited for. */
export async function killNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** @returns the first column of the first row */
export async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** @returns the number of the server that runs in `dataDir` */
export async function postmasterPid(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** Kills the shell that would stop the server after its gateway's sudden end (found by its last argument). Linux only. */
export async function killGuardOf(server: number): Promise<void> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(`deskwire-postgres-guard\0${server}\0`)) process.kill(Number(name), 'SIGKILL');
  }
}

/** @throws when the process is still there after ten seconds */
export async function waitUntilGone(pid: number): Promise<void> {
  await waitUntil(async () => !(await pidRuns(pid)));
}

async function postmasterPids(parent: string): Promise<number[]> {
  try {
    return [await postmasterPid(join(parent, 'data'))];
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
