import { type ChaosOptions, type PhaseName, readOptions, UsageError } from './options.js';
import { phaseSettings } from './phase-settings.js';
import { Random } from './random.js';
import { runPhase } from './run-phase.js';
import type { PhaseReport } from './phase-report.js';

const USAGE = 'npm run chaos -- [--seed NUMBER] [--kills NUMBER] [--processes 1|3] [--short]';

/**
 * Kills gateways and their PostgreSQL under load, and counts what became of every webhook that was accepted
 * (docs/chaos.md). Prints what it found as JSON.
 *
 * @returns the exit code: 0 where every promise was kept, 1 where not, 2 for a command line that cannot be used
 */
export async function runChaos(args: string[]): Promise<number> {
  let options: ChaosOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n${USAGE}\n`);
    return 2;
  }
  process.stderr.write(`seed ${options.seed}\n`);
  const reports: PhaseReport[] = [];
  try {
    await runPhases(options, reports, interruption());
  } catch (error) {
    process.stderr.write(`The run ended early: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    process.stdout.write(`${JSON.stringify({ seed: options.seed, phases: reports }, null, 2)}\n`);
  }
  return reports.every(({ kept }) => kept) ? 0 : 1;
}

/** One after the other; the short form both at once, since most of its time is waiting. */
async function runPhases(options: ChaosOptions, reports: PhaseReport[], interrupted: AbortSignal): Promise<void> {
  const random = new Random(options.seed);
  const failing = new AbortController();
  const signal = AbortSignal.any([interrupted, failing.signal]);
  const run = async (name: PhaseName): Promise<void> => {
    const settings = phaseSettings(name, options);
    process.stderr.write(`phase ${name}: ${settings.kills} kills …\n`);
    try {
      reports.push(await runPhase(settings, random.stream(name), signal));
    } catch (error) {
      failing.abort(error);
    }
  };
  if (options.short) await Promise.all(options.phases.map(run));
  else for (const name of options.phases) if (!signal.aborted) await run(name);
  signal.throwIfAborted();
}

/** @returns a signal for the first Ctrl-C, which ends the run in good order; a second one kills what is left. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  return controller.signal;
}
