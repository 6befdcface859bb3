/** The most that a timer of Node's can wait for. */
const LONGEST_MS = 2_147_483_647;

/** How long one request, or several together, may take; it runs from its making. */
export class TimeLimit {
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;

  constructor(readonly ms: number) {
    this.signal = AbortSignal.timeout(Math.min(Math.max(Math.ceil(ms), 0), LONGEST_MS));
  }
}
