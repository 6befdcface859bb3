import type { Clock } from '../clock/clock.js';

const MS_PER_MINUTE = 60_000;

/** So many at once, and so many a minute from then on. */
export interface Rate {
  perMinute: number;
  burst: number;
}

/**
 * Keeps many callers to their rates, in the memory of this process, by the generic cell rate algorithm (ITU-T I.371):
 * one number a caller. The callers that were seen longest ago are forgotten when there are too many.
 */
export class RateLimiter {
  /** When each caller's allowance will be whole again, in ms of the steady clock; the caller seen last at the end. */
  private readonly wholeAt = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly mostCallers: number,
  ) {}

  /** @returns 0 where one more may come, which is counted; else the ms after which one may */
  take(caller: string, rate: Rate): number {
    const wait = this.waitOf(caller, rate);
    // Who is refused is seen all the same: knocking on must not be a way to be forgotten.
    this.charge(caller, rate, wait === 0 ? 1 : 0);
    return wait;
  }

  /** Takes one back that `take` counted, as it turned out not to be what is limited. */
  giveBack(caller: string, rate: Rate): void {
    this.charge(caller, rate, -1);
  }

  /** Counts what came without asking; if that is more than was left, later ones wait longer. */
  charge(caller: string, rate: Rate, count: number): void {
    const now = this.clock.steady();
    const wholeAt = Math.max(this.wholeAt.get(caller) ?? now, now) + (count * MS_PER_MINUTE) / rate.perMinute;
    this.wholeAt.delete(caller);
    this.wholeAt.set(caller, wholeAt);
    for (const oldest of this.wholeAt.keys()) {
      if (this.wholeAt.size <= this.mostCallers) break;
      this.wholeAt.delete(oldest);
    }
  }

  /** @returns as `take`, but nothing is counted */
  waitOf(caller: string, { perMinute, burst }: Rate): number {
    const now = this.clock.steady();
    const wholeAt = this.wholeAt.get(caller) ?? now;
    // One cell early, so that exactly `burst` come in at once; rounding must not keep out the last of them.
    const wait = wholeAt - now - ((burst - 1) * MS_PER_MINUTE) / perMinute;
    return wait > 1e-3 ? wait : 0;
  }
}
