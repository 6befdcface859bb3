import type { Context } from 'liquidjs';

/** What one rendering may take. */
export interface RenderLimits {
  /** A step is about a microsecond of a quick machine's: a node, a filter, an operator, an element, a hundred characters. */
  steps: number;
  /** As LiquidJS counts it, about one for a character or an element: https://liquidjs.com/tutorials/dos.html */
  memory: number;
  /** By the wall clock; what the steps do not see is ended by it. */
  timeMs: number;
}

/** What LiquidJS says of a rendering that takes longer than it may, and so do we. */
export const OUT_OF_TIME = 'template render limit exceeded';
export const OUT_OF_STEPS = 'template step limit exceeded';

/**
 * Counts what a rendering does, in the place of the limit by which LiquidJS looks at the time before every node. That alone
 * would not do: a single node may hold a thousand comparisons of lists of a hundred thousand elements. Whatever works on
 * data is metered by its size (`metered-language.ts`), so that a template is refused at the same place on every machine.
 */
export class RenderMeter {
  private used = 0;
  private readonly endsAt: number;

  constructor(private readonly limits: Pick<RenderLimits, 'steps' | 'timeMs'>) {
    this.endsAt = performance.now() + limits.timeMs;
  }

  get steps(): number {
    return this.used;
  }

  /** LiquidJS calls it before every node. @throws Error with `OUT_OF_TIME` or `OUT_OF_STEPS` */
  check(now: number): void {
    if (now > this.endsAt) throw new Error(OUT_OF_TIME);
    this.count(1);
  }

  /** Before `steps` steps of work are done. @throws as `check` */
  use(steps: number): void {
    this.count(steps);
    this.check(performance.now());
  }

  /** As `use`, of what is so little that nobody looks at the time. @throws Error with `OUT_OF_STEPS` */
  count(steps: number): void {
    this.used += steps;
    if (this.used > this.limits.steps) throw new Error(OUT_OF_STEPS);
  }
}

/** @returns the meter of the rendering that a filter, an operator or a tag is part of */
export function meterOf(context: Context): RenderMeter {
  return context.renderLimit as unknown as RenderMeter;
}
