import type { ChaosOptions, PhaseName } from './options.js';

/** How much of everything there is in a phase. */
export interface PhaseSettings {
  name: PhaseName;
  /** Of gateways and of PostgreSQL together. */
  kills: number;
  /** How often a process is stopped for longer than its lease, and then goes on. */
  pauses: number;
  /** How long the next victim has been up, on average, when it is killed. */
  meanRunMs: number;
  webhooksPerSecond: number;
  /** Answers after the client's time limit: each holds up its lane for 13 s. */
  mostLateAnswers: number;
  /** Far more than a run takes; then it is ended. */
  limitMs: number;
}

const PAUSE_EVERY_KILLS = 25;
/** With the start of its successor, 1.5 to 2 s, a kill every three to four seconds. */
const MEAN_RUN_MS: Record<PhaseName, number> = { one: 1_500, three: 2_800 };
const LIMIT_PER_KILL_MS = 15_000;
const LIMIT_AROUND_MS = 360_000;

const SHORT: Record<PhaseName, Pick<PhaseSettings, 'kills' | 'pauses' | 'meanRunMs'>> = {
  one: { kills: 5, pauses: 0, meanRunMs: 800 },
  three: { kills: 6, pauses: 1, meanRunMs: 1_200 },
};

export function phaseSettings(name: PhaseName, { kills, short }: ChaosOptions): PhaseSettings {
  const size = short
    ? SHORT[name]
    : { kills, pauses: name === 'three' ? Math.ceil(kills / PAUSE_EVERY_KILLS) : 0, meanRunMs: MEAN_RUN_MS[name] };
  return {
    name,
    ...size,
    webhooksPerSecond: 30,
    mostLateAnswers: short ? 0 : 10,
    limitMs: size.kills * LIMIT_PER_KILL_MS + LIMIT_AROUND_MS,
  };
}
