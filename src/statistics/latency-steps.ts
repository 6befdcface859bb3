/** Steps in a doubling: each is 19 % wide. */
const STEPS_IN_OCTAVE = 4;
/** Up to 2^35 ms, a year and a month; the last step holds whatever took longer. */
const STEPS = 140;

/** Where a step begins, in milliseconds: what took no time at all is in the first as well. */
function beginning(step: number): number {
  return step === 0 ? 0 : 2 ** (step / STEPS_IN_OCTAVE);
}

/** Where each step but the first begins, in milliseconds, ascending: as many as a duration reaches is its step. */
export const STEP_BEGINNINGS: readonly number[] = Array.from({ length: STEPS - 1 }, (_, index) => beginning(index + 1));

/**
 * @param share 0–1, of the way through the step
 * @returns milliseconds: the way is even on a logarithmic scale, but in the first step, which begins at 0
 */
export function withinStep(step: number, share: number): number {
  const [from, to] = [beginning(step), beginning(step + 1)];
  return from === 0 ? to * share : from * (to / from) ** share;
}
