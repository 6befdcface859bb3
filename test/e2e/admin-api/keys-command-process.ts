import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOADER = join(__dirname, '../../support/run-typescript.mjs');
const COMMAND = join(__dirname, '../../../src/access/command/keys-command.ts');
/** As `scripts/keys.mjs` does it with the build. */
const SCRIPT = 'require(process.argv[1]).keysCommand(process.argv.slice(2)).then((code) => (process.exitCode = code))';

export interface CommandResult {
  code: number | null;
  output: string;
  errors: string;
}

/** Runs `npm run keys -- …` in a process of its own, away from any .env. */
export function runKeysCommand(environment: Record<string, string>, ...args: string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, ['--import', LOADER, '-e', SCRIPT, '--', COMMAND, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output, errors });
    });
  });
}
