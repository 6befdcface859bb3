import { Problem } from '../http/problem.js';

const RETRY_SECONDS = 2;

/** Lets so many in at once; a few more wait for their turn, in the order in which they came. */
export class Turnstile {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly mostInside: number,
    private readonly mostWaiting: number,
  ) {}

  /** @throws Problem 503 `busy` where too many wait already; whatever `work` throws */
  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.inside < this.mostInside) this.inside += 1;
    else await this.wait();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // Whoever is next takes the place of whoever goes.
      if (next) next();
      else this.inside -= 1;
    }
  }

  private wait(): Promise<void> {
    if (this.waiting.length >= this.mostWaiting) throw busy();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

/** @returns a 503 for a change that other changes keep waiting for too long */
export function busy(cause?: unknown): Problem {
  return new Problem(503, 'busy', 'Other changes are under way; send this again in a moment.', {
    retryAfterSeconds: RETRY_SECONDS,
    cause,
  });
}
