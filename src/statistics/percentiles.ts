import { withinStep } from './latency-steps.js';

/** How many durations are in each step; a step without any is left out. */
export type StepCounts = ReadonlyMap<number, number>;

/** More would not be true: a step is 19 % wide. */
const SIGNIFICANT_DIGITS = 3;

/**
 * @param percent e.g. 99
 * @returns the duration, in milliseconds, that so many of a hundred did not exceed; null where there are none. It lies in
 *   the step of the exact one, as far into it as the rank is among those in the step.
 */
export function percentileOf(counts: StepCounts, percent: number): number | null {
  const steps = [...counts].filter(([, count]) => count > 0).sort(([one], [other]) => one - other);
  return valueAt(steps, (totalOf(counts) * percent) / 100);
}

/** @returns how many there are */
export function totalOf(counts: StepCounts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** @param rank how many must not exceed it */
function valueAt(steps: readonly [number, number][], rank: number): number | null {
  let below = 0;
  for (const [step, count] of steps) {
    if (below + count >= rank) return Number(withinStep(step, (rank - below) / count).toPrecision(SIGNIFICANT_DIGITS));
    below += count;
  }
  return null;
}

/** @returns both together */
export function addStepCounts(one: StepCounts, other: StepCounts): StepCounts {
  const sum = new Map(one);
  for (const [step, count] of other) sum.set(step, (sum.get(step) ?? 0) + count);
  return sum;
}
