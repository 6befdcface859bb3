import { Clock } from '../src/clock/clock.js';

/** A clock on which time passes some times faster than it does, from now on. */
export class ScaledClock extends Clock {
  private readonly startedAt = Date.now();
  private readonly origin = performance.now();

  /** @param speed 1 = as it does */
  constructor(readonly speed: number) {
    super();
  }

  now(): Date {
    return new Date(this.startedAt + this.steady());
  }

  steady(): number {
    return (performance.now() - this.origin) * this.speed;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = setTimeout(action, Math.max(delayMs, 0) / this.speed);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  }
}
