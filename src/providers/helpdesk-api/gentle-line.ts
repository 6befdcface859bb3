import type { Clock } from '../../clock/clock.js';

/** Keeps what one helpdesk is asked small: a few requests at once, and none for a while where it asks for that. */
export class GentleLine {
  private busy = 0;
  private readonly waiting: (() => void)[] = [];
  private restsUntil = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly atOnce: number,
  ) {}

  get isResting(): boolean {
    return this.clock.steady() < this.restsUntil;
  }

  /** Begins nothing more for a while; what waits for its turn is given up. */
  rest(forMs: number): void {
    this.restsUntil = Math.max(this.restsUntil, this.clock.steady() + forMs);
  }

  /**
   * Does the work when it is its turn.
   *
   * @param isWanted asked then: waiting may have taken too long
   * @returns undefined where it was not done
   */
  async run<Result>(isWanted: () => boolean, work: () => Promise<Result>): Promise<Result | undefined> {
    await this.takeTurn();
    try {
      return this.isResting || !isWanted() ? undefined : await work();
    } finally {
      this.endTurn();
    }
  }

  private async takeTurn(): Promise<void> {
    if (this.busy < this.atOnce) this.busy += 1;
    // Whoever ends hands the turn over.
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private endTurn(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.busy -= 1;
  }
}
