import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { run as audit } from './audit.js';
import { run as burst } from './burst.js';
import { run as dispatch } from './dispatch.js';
import { run as dispatchWebhooks } from './dispatch-webhooks.js';
import { run as latency } from './latency.js';
import { run as normalise } from './normalise.js';
import { type BenchOptions, readOptions, USAGE } from './options.js';
import { run as start } from './start.js';

/** Each bench by the name that the command line gives it. */
const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<object>>> = {
  latency,
  start,
  dispatch,
  'dispatch-webhooks': dispatchWebhooks,
  burst,
  normalise,
  audit,
};

/**
 * Runs the named benches, or all, and prints what they measured as JSON, with the machine and the commit.
 *
 * @returns the exit code
 */
export async function runBenches(args: string[]): Promise<number> {
  let options: BenchOptions;
  try {
    options = readOptions(args, Object.keys(BENCHES));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return 2;
  }
  const { names } = options;
  const results: Record<string, unknown> = { machine: machine(), commit: commit() };
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    results[name] = await bench(options);
  }
  process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  return 0;
}

function machine(): string {
  const cores = cpus();
  return `${cores.length} × ${cores[0]?.model ?? 'unknown'}, Node ${process.version}`;
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // Not a git checkout, or no git: the figures stand all the same.
    return 'unknown';
  }
}
