import { Clock } from '../../src/clock/clock.js';

interface Timer {
  at: number;
  action: () => void;
}

/** A clock that stands still until it is told to go on; timers fire in order as it passes them. */
export class FakeClock extends Clock {
  private readonly timers = new Set<Timer>();
  /** Every delay that was asked for. */
  readonly delays: number[] = [];

  constructor(private time = Date.now()) {
    super();
  }

  now(): Date {
    return new Date(this.time);
  }

  steady(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): () => void {
    this.delays.push(delayMs);
    const timer = { at: this.time + Math.max(delayMs, 0), action };
    this.timers.add(timer);
    return () => {
      this.timers.delete(timer);
    };
  }

  /** Goes on by `ms`, firing what falls due on the way. */
  advance(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const next = [...this.timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.action();
    }
    this.time = until;
  }
}
