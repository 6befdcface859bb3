import type { Clock } from '../clock/clock.js';

const SMALLEST = 10;
const LARGEST = 2_000;
const FIRST = 200;
/** A step that takes longer is followed by a smaller one, one that takes less by a larger one. */
const LONG_MS = 1_500;
const SHORT_MS = 300;

/**
 * How many rows are looked at in one statement: some hold megabytes, most little. So that none comes near the time-out,
 * nor keeps the server from others' work for long.
 */
export class StepSize {
  private size = FIRST;

  constructor(private readonly clock: Clock) {}

  get current(): number {
    return this.size;
  }

  /** Does a step and learns from how long it took. */
  async measure<Result>(step: (limit: number) => Promise<Result>): Promise<Result> {
    const began = this.clock.steady();
    const result = await step(this.size);
    const took = this.clock.steady() - began;
    if (took > LONG_MS) this.size = Math.max(SMALLEST, Math.floor(this.size / 2));
    else if (took < SHORT_MS) this.size = Math.min(LARGEST, this.size * 2);
    return result;
  }
}
