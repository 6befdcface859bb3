import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { errorCode } from '../error-code.js';
import { runProgram } from './run-program.js';

/** A process, told apart from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own words; empty where they cannot be had (Windows). */
  startedAt: string;
  /** Where the number counts: one boot of one machine, and on Linux one PID namespace (container). */
  space: string;
}

const ZOMBIE = 'zombie';

/** @returns the identity of this process */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return { pid: process.pid, startedAt: (await startOf(process.pid)) ?? '', space: await ownSpace() };
}

/**
 * @returns whether a process of our own space still runs. In doubt (its start cannot be read) it does. A zombie, dead but
 * not yet waited for by its parent, does not: a container without an init process keeps them for ever.
 */
export async function isRunning(candidate: Pick<ProcessIdentity, 'pid' | 'startedAt'>): Promise<boolean> {
  if (!pidExists(candidate.pid)) return false;
  const startedAt = await startOf(candidate.pid);
  if (startedAt === ZOMBIE) return false;
  // It may have ended while we looked.
  if (startedAt === undefined) return pidExists(candidate.pid);
  return candidate.startedAt === '' || startedAt === candidate.startedAt;
}

/** @returns whether a process with the number runs, whichever it is */
export function pidRuns(pid: number): Promise<boolean> {
  return isRunning({ pid, startedAt: '' });
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    if (errorCode(error) === 'EPERM') return true;
    throw error;
  }
}

/** @returns the arguments with which the process was started, joined by spaces; undefined when they cannot be read */
export async function commandOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readIfThere(`/proc/${pid}/cmdline`);
    return text?.split('\0').join(' ').trim();
  }
  const [program, args] =
    process.platform === 'win32'
      ? ['tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']]
      : ['ps', ['-ww', '-o', 'command=', '-p', `${pid}`]];
  const { code, output } = await runProgram(program, args);
  return code === 0 ? output.trim() : undefined;
}

async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return '';
  if (process.platform !== 'linux') {
    const { code, output } = await runProgram('ps', ['-o', 'lstart=', '-p', `${pid}`]);
    return code === 0 ? output.trim() : undefined;
  }
  // proc_pid_stat(5): field 2, the name, may itself hold spaces and brackets; 3 is the state, 22 the start in ticks.
  const stat = await readIfThere(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields?.[0] === 'Z' ? ZOMBIE : fields?.[19];
}

async function ownSpace(): Promise<string> {
  if (process.platform !== 'linux') return hostname();
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return `${boot} ${await readlink('/proc/self/ns/pid')}`;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    // ESRCH: it ended between open and read. EACCES: /proc is mounted with hidepid.
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}
