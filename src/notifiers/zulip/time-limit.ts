/** The most that a timer of Node's can wait for. */
const LONGEST_MS = 2_147_483_647;

/** How long one request, or several together, may take; it runs from its making. */
export class TimeLimit {
  private readonly endsAt: number;

  /** @param ms whole or not; less than one is none */
  constructor(ms: number) {
    this.endsAt = performance.now() + Math.min(Math.max(ms, 0), LONGEST_MS);
  }

  /** Milliseconds that are left, rounded up. */
  get leftMs(): number {
    return Math.max(0, Math.ceil(this.endsAt - performance.now()));
  }
}
