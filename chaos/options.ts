import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const DEFAULT_KILLS = 100;
const MOST_KILLS = 1_000;
const LARGEST_SEED = 0xffff_ffff;

/** The two forms of a run: everything in one process, or three processes on one database. */
export type PhaseName = 'one' | 'three';

export interface ChaosOptions {
  seed: number;
  /** In each phase. */
  kills: number;
  phases: readonly PhaseName[];
  /** For CI: about a minute, see `phase-settings.ts`. */
  short: boolean;
}

/** The command line cannot be used; the message says why. */
export class UsageError extends Error {}

/** @throws UsageError */
export function readOptions(args: string[]): ChaosOptions {
  const { seed, kills, processes, short } = parse(args);
  if (kills !== undefined && short === true) throw new UsageError('--short has its own number of kills.');
  return {
    seed: seed === undefined ? randomInt(LARGEST_SEED) : readNumber('--seed', seed, 0, LARGEST_SEED),
    kills: kills === undefined ? DEFAULT_KILLS : readNumber('--kills', kills, 1, MOST_KILLS),
    phases: processes === undefined ? ['one', 'three'] : [readPhase(processes)],
    short: short === true,
  };
}

function parse(args: string[]): { seed?: string; kills?: string; processes?: string; short?: boolean } {
  try {
    const text = { type: 'string' } as const;
    const options = { seed: text, kills: text, processes: text, short: { type: 'boolean' } } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readPhase(processes: string): PhaseName {
  if (processes === '1') return 'one';
  if (processes === '3') return 'three';
  throw new UsageError('--processes is 1 or 3; without it both are run, one after the other.');
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${name} is a whole number from ${least} to ${most}.`);
}
