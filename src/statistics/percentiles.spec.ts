import fc from 'fast-check';
import { STEP_BEGINNINGS } from './latency-steps.js';
import { addStepCounts, percentileOf, type StepCounts, totalOf } from './percentiles.js';

/** As `width_bucket` does in the database. */
const stepOf = (milliseconds: number): number => STEP_BEGINNINGS.filter((from) => from <= milliseconds).length;

function countsOf(durations: readonly number[]): StepCounts {
  return durations.reduce<StepCounts>((sum, each) => addStepCounts(sum, new Map([[stepOf(each), 1]])), new Map());
}

/** The lowest duration that so many of a hundred do not exceed. */
function exactPercentile(durations: readonly number[], percent: number): number {
  const sorted = [...durations].sort((one, other) => one - other);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? NaN;
}

/** A step is 2^(1/4) wide; three digits are shown. */
const WIDTH = 2 ** 0.25;
const ROUNDING = 1.005;

describe('percentiles by steps', () => {
  it('are within a step of the exact ones', () => {
    const durations = fc.array(fc.integer({ min: 0, max: 2 ** 31 }), { minLength: 1, maxLength: 200 });
    // Most things take less than a second.
    const short = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.oneof(durations, short), fc.integer({ min: 1, max: 100 }), (all, percent) => {
        const [found, exact] = [percentileOf(countsOf(all), percent) ?? NaN, exactPercentile(all, percent)];
        if (exact <= 1) return found >= 0 && found <= WIDTH * ROUNDING;
        return found / exact <= WIDTH * ROUNDING && exact / found <= WIDTH * ROUNDING;
      }),
    );
  });

  it('never fall as the percentage grows, and count what was counted', () => {
    const durations = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(durations, (all) => {
        const counts = countsOf(all);
        const found = [50, 90, 95, 99].map((percent) => percentileOf(counts, percent) ?? NaN);
        return (
          totalOf(counts) === all.length &&
          found.every((each, index) => index === 0 || each >= (found[index - 1] ?? NaN))
        );
      }),
    );
  });

  it('lie as far into a step as their rank does, by its logarithm', () => {
    // Step 40 is 1,024 to 1,218 ms.
    const counts = new Map([[40, 100]]);
    expect([25, 50, 100].map((percent) => percentileOf(counts, percent))).toEqual([1_070, 1_120, 1_220]);
  });

  it('are of no time at all in the first step, and none where there is nothing', () => {
    expect(percentileOf(new Map([[0, 2]]), 50)).toBe(0.595);
    expect(percentileOf(new Map(), 50)).toBeNull();
  });
});

describe('steps', () => {
  it.each([
    [-5, 0],
    [0, 0],
    [1, 0],
    [2, 4],
    [3, 6],
    [4, 8],
    [1_023, 39],
    [1_024, 40],
    [2 ** 34, 136],
    [2 ** 40, 139],
  ])('%d ms is in step %d', (milliseconds, step) => {
    expect(stepOf(milliseconds)).toBe(step);
  });

  it('hold what took less than 2^((n + 1) / 4) ms', () => {
    STEP_BEGINNINGS.forEach((from, index) => {
      expect(from).toBeCloseTo(2 ** ((index + 1) / 4), 5);
    });
  });
});
