import type { PhaseSettings } from './phase-settings.js';
import type { Random } from './random.js';

/** What is done to whom, and when. */
export interface Step {
  act: 'kill gateway' | 'kill postgres' | 'pause gateway';
  /** Index of a gateway; another one is taken while it is down or paused. */
  victim: number;
  /** Otherwise it may be killed while it starts. */
  waitsForStart: boolean;
  /** After the last step, or after the victim's start. */
  afterMs: number;
  pauseMs: number;
}

const POSTGRES_SHARE = 0.15;
const STARTING_SHARE = 0.15;
const LONGEST_START_MS = 1_500;
/** Longer than a lease of 10 s: another process owns the destination when the paused one goes on. */
const PAUSE_MS = [11_000, 13_000] as const;

/** Draws the whole plan of a phase beforehand. Pauses are spread evenly, so that they do not meet. */
export function planSteps(random: Random, settings: PhaseSettings, gateways: number): Step[] {
  const { kills, pauses, meanRunMs } = settings;
  const postgres = Math.max(1, Math.round(kills * POSTGRES_SHARE));
  const acts = random.shuffled<Step['act']>([
    ...Array.from({ length: postgres }, () => 'kill postgres' as const),
    ...Array.from({ length: kills - postgres }, () => 'kill gateway' as const),
  ]);
  for (let pause = pauses - 1; pause >= 0; pause -= 1) {
    acts.splice(Math.floor((pause * kills) / pauses), 0, 'pause gateway');
  }
  return acts.map((act): Step => {
    const waitsForStart = act === 'pause gateway' || !random.chance(STARTING_SHARE);
    const afterMs = waitsForStart ? random.between(0, 2 * meanRunMs) : random.between(0, LONGEST_START_MS);
    return { act, victim: random.below(gateways), waitsForStart, afterMs, pauseMs: random.between(...PAUSE_MS) };
  });
}
