import { spawn } from 'node:child_process';
import { parse } from 'node:path';
import { type ServerAccount } from './server-account.js';

export interface ProgramResult {
  /** The exit code; null when a signal ended the program. */
  code: number | null;
  /** What it wrote on both outputs, in the order of arrival. */
  output: string;
}

interface RunOptions {
  account?: ServerAccount | undefined;
  /** Written to the program's standard input, which is then closed. */
  input?: string;
}

/**
 * The environment of every program we start: fixed, so that the gateway's own secrets do not show in theirs, and so that
 * a `PGDATA` or `LC_ALL` of whoever started the gateway changes nothing.
 */
function programEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    LC_ALL: 'C',
    TZ: 'UTC',
  };
  // Windows programs cannot even load their libraries without these; they are not settings of ours.
  if (process.platform === 'win32') {
    for (const name of ['PATH', 'SystemRoot', 'TEMP', 'TMP']) environment[name] = process.env[name];
  }
  return environment;
}

/** Settings that all programs share. The root directory is the one working directory that any account may enter. */
export function programOptions(account: ServerAccount | undefined) {
  return { ...account, cwd: parse(process.execPath).root, env: programEnvironment(), windowsHide: true };
}

/**
 * Runs a program to its end.
 *
 * @throws Node's error (ENOENT, EACCES) when the program cannot be started; an exit code is no error
 */
export function runProgram(file: string, args: string[], options: RunOptions = {}): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...programOptions(options.account), stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: string) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.stdin.on('error', (error) => {
      output += `\nstandard input: ${error.message}`;
    });
    child.stdin.end(options.input ?? '');
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, output });
    });
  });
}
