/** The only source of time, so that tests can set it. */
export abstract class Clock {
  abstract now(): Date;
  /** Milliseconds since some moment of this process: never goes back, whoever sets the time. */
  abstract steady(): number;
  /** Calls `action` once after `delayMs`; the returned function cancels it. Never keeps the process alive. */
  abstract after(delayMs: number, action: () => void): () => void;
}

/** setTimeout takes at most 2^31-1 ms; longer waits are cut, and whoever waits looks again. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }

  steady(): number {
    return performance.now();
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = setTimeout(action, Math.min(Math.max(delayMs, 0), LONGEST_TIMEOUT_MS));
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  }
}
