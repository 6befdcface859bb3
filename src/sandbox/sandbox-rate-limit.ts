/** The window of Zulip's default rule for one user (https://zulip.com/api/rest-error-handling#rate-limit-exceeded). */
const WINDOW_MS = 60_000;

/** What a request is told of the limit. Times are in seconds, with a fraction. */
export interface RateVerdict {
  limit: number;
  /** Further requests that would be let in now. */
  remaining: number;
  /** When the whole limit is free again; for a refused request, when the next one is let in. Since the epoch. */
  resetAt: number;
  /** Until the next request is let in; undefined for a request that is let in itself. */
  retryAfter: number | undefined;
}

/**
 * Zulip's limiter: so many requests in any minute. Refused requests do not count, so waiting as long as one was told
 * is always enough.
 */
export class SandboxRateLimit {
  /** Times of the requests let in, oldest first; those before `first` are out of the window. */
  private readonly times: number[] = [];
  private first = 0;

  /** @param limit requests a minute */
  constructor(readonly limit: number) {}

  /** Judges a request, and counts it if it is let in. @param now in milliseconds since the epoch */
  take(now: number): RateVerdict {
    this.forget(now - WINDOW_MS);
    const used = this.times.length - this.first;
    const oldest = this.times[this.first];
    if (used >= this.limit && oldest !== undefined) {
      const freeAt = oldest + WINDOW_MS;
      return { limit: this.limit, remaining: 0, resetAt: freeAt / 1_000, retryAfter: (freeAt - now) / 1_000 };
    }
    this.times.push(now);
    return {
      limit: this.limit,
      remaining: this.limit - used - 1,
      resetAt: (now + WINDOW_MS) / 1_000,
      retryAfter: undefined,
    };
  }

  private forget(until: number): void {
    while ((this.times[this.first] ?? Infinity) <= until) this.first += 1;
    // Cut now and then, not each time: an array gives up its head in time proportional to its length.
    if (this.first > this.times.length / 2) {
      this.times.splice(0, this.first);
      this.first = 0;
    }
  }
}
