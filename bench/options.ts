import { parseArgs } from 'node:util';

/** What the command line says to the benches. */
export interface BenchOptions {
  /** Benches to run; none = all. */
  names: string[];
  /** Named, a bench runs at length; as one of all, it is kept short. */
  isLong: boolean;
  /** `dispatch`: deliveries in the queue, and runs of each kind. `intake`: runs. `audit`: deliveries in the log, and questions of each kind. */
  deliveries: number | undefined;
  runs: number | undefined;
  /** `intake`, `dispatch`: a directory for the CPU profiles of all processes. */
  profile: string | undefined;
  /** `memory`: how long the soak lasts. */
  minutes: number | undefined;
  /** `burst`: how many times faster than real time the clock runs. */
  speed: number | undefined;
}

export const USAGE =
  'npm run bench -- [NAME …] [--deliveries NUMBER] [--runs NUMBER] [--profile DIRECTORY] [--minutes NUMBER] [--speed NUMBER | --real-time]';

/**
 * @param known names of benches
 * @throws an error with words for whoever typed it
 */
export function readOptions(args: string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      deliveries: { type: 'string' },
      runs: { type: 'string' },
      profile: { type: 'string' },
      minutes: { type: 'string' },
      speed: { type: 'string' },
      'real-time': { type: 'boolean' },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No such bench: ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  return {
    names: positionals,
    isLong: positionals.length > 0,
    deliveries: readCount('deliveries', values.deliveries),
    runs: readCount('runs', values.runs),
    profile: values.profile,
    minutes: readCount('minutes', values.minutes),
    speed: values['real-time'] ? 1 : readCount('speed', values.speed),
  };
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,7}$/.test(text)) throw new Error(`--${name} takes a whole number from 1 on.`);
  return Number(text);
}
