import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { run as audit } from './audit.js';
import { run as burst } from './burst.js';
import { run as dispatch } from './dispatch.js';
import { run as dispatchWebhooks } from './dispatch-webhooks.js';
import { run as intake } from './intake.js';
import { run as growth } from './growth.js';
import { run as latency } from './latency.js';
import { run as memory } from './memory.js';
import { run as normalise } from './normalise.js';
import { type BenchOptions, readOptions, USAGE } from './options.js';
import { run as overload } from './overload.js';
import { resultsPage } from './results-page.js';
import { run as start } from './start.js';

/** The build lies in dist/bench. */
const RESULTS_PAGE = join(__dirname, '../../bench/RESULTS.md');

/** Each bench by the name that the command line gives it. */
const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<object>>> = {
  intake,
  latency,
  start,
  dispatch,
  'dispatch-webhooks': dispatchWebhooks,
  burst,
  normalise,
  audit,
  overload,
  growth,
  memory,
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
  const failed: string[] = [];
  const results: Record<string, unknown> = { machine: machine(), commit: commit() };
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    try {
      results[name] = await bench(options);
    } catch (error) {
      // What the others measured is worth keeping.
      failed.push(name);
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    }
  }
  process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  // Of one bench at length there is no page: whoever runs it reads the figures.
  if (names.length === 0) writeFileSync(RESULTS_PAGE, resultsPage(results));
  if (failed.length > 0) process.stderr.write(`Failed: ${failed.join(', ')}.\n`);
  return failed.length > 0 ? 1 : 0;
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
