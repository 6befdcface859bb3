import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOADER = join(__dirname, 'run-typescript.mjs');
const COMMAND = join(__dirname, '../../src/command/run-command.ts');
/** As `bin/deskwire.mjs` does it with the build. */
const SCRIPT =
  'require(process.argv[1]).runCommand(process.argv.slice(2)).then((code) => (process.exitCode = code ?? undefined))';

export interface CommandResult {
  code: number | null;
  output: string;
  errors: string;
}

/** `deskwire …` in a process of its own, away from any .env. */
export class CommandProcess {
  output = '';
  errors = '';
  private readonly child: ChildProcess;

  /** @param input its standard input */
  constructor(environment: Record<string, string>, args: readonly string[], input = '') {
    this.child = spawn(process.execPath, ['--import', LOADER, '-e', SCRIPT, '--', COMMAND, ...args], {
      cwd: tmpdir(),
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    this.child.stdin?.end(input);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  ended(): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => {
        resolve({ code, output: this.output, errors: this.errors });
      });
    });
  }
}

/** Runs `deskwire …` to its end. */
export function runCommandProcess(environment: Record<string, string>, ...args: string[]): Promise<CommandResult> {
  return new CommandProcess(environment, args).ended();
}
