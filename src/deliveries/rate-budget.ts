import type { RateFacts } from '../notifiers/notifier.js';

/** Limits are so many requests in any minute: https://zulip.com/api/rest-error-handling#rate-limit-exceeded */
const WINDOW_MS = 60_000;
/** What a request may take longer on its way than another: without it, two a minute apart could arrive closer. */
const WINDOW_MARGIN_MS = 500;
const COUNTS_FOR_MS = WINDOW_MS + WINDOW_MARGIN_MS;
/** So old is what an answer says of the receiver's count, at most: its request counted among those of a minute before. */
const OLDEST_ANSWER_MS = 2_000;
/** The share of the receiver's limit that is left alone: look-ups of other clients of the same account, our own clock. */
const RESERVE = 0.05;
/** More requests than any receiver's limit, while there is none. */
const MOST_REMEMBERED = 1_000;
/** Whoever names a higher limit means none. */
const MOST_MEANT = 100_000;
/** Of the requests of the last minute, to space the next one: every so-manieth is enough. */
const MOST_LOOKED_AT = 200;

/**
 * How many requests an account may make. It counts those of the last minute, as receivers do, takes over what the
 * receiver's answers say, and is never above the limit. The first half of the limit may be used at once; the rest is
 * spread evenly, so that after a burst messages wait for a fraction of a second, not for a minute, and in the long run
 * all of the limit is used.
 */
export class RateBudget {
  /** When requests were made, oldest first; times in milliseconds. */
  private readonly times: number[] = [];
  /** The first of them that counts. */
  private first = 0;
  /** The first of them that an answer may still speak of. */
  private firstTold = 0;
  private limit = Infinity;
  private blockedUntil = 0;

  /** @param now in milliseconds */
  constructor(private readonly now: () => number) {}

  /** Sets the most requests in a minute; Infinity = no limit. */
  setLimit(limit: number): void {
    this.limit = limit;
  }

  /** How many requests may be made at this moment, one after the other. */
  get available(): number {
    if (this.blockedUntil > this.now()) return 0;
    if (this.limit === Infinity) return Infinity;
    const used = this.used();
    if (used < this.burst) return this.burst - used;
    return this.waitMs === 0 ? 1 : 0;
  }

  /** Requests in any minute; Infinity = no limit. */
  get most(): number {
    return this.limit;
  }

  /** How many of the limit are left for this minute, however they are spread over it. */
  get left(): number {
    return this.blockedUntil > this.now() ? 0 : Math.max(0, this.limit - this.used());
  }

  /** Milliseconds until a request may be made. */
  get waitMs(): number {
    const now = this.now();
    return Math.max(0, this.blockedUntil - now, this.nextFreeAt() - now);
  }

  /** Counts a request that is about to be made; without a limit too, since one may become known while the minute lasts. */
  take(): void {
    this.times.push(this.now());
    if (this.limit === Infinity && this.times.length > 2 * MOST_REMEMBERED) this.cut(MOST_REMEMBERED);
  }

  /** Counts one less: a request that was counted is not made. */
  giveBack(): void {
    if (this.used() > 0) this.times.pop();
  }

  /** What an answer says; other clients' requests count as made now, which errs on the safe side. */
  learn({ limit, remaining }: RateFacts): void {
    if (limit > MOST_MEANT) {
      this.limit = Infinity;
      return;
    }
    this.limit = Math.max(1, limit - Math.max(1, Math.ceil(limit * RESERVE)));
    // What has just left the window may still have counted when the receiver answered: it is not another client's.
    this.pass();
    const unknown = Math.min(limit, limit - remaining) - (this.times.length - this.firstTold);
    for (let count = 0; count < unknown; count += 1) this.times.push(this.now());
  }

  /** Nothing for so long: the receiver has refused a request. */
  block(ms: number): void {
    this.blockedUntil = Math.max(this.blockedUntil, this.now() + ms);
  }

  private get burst(): number {
    return Math.ceil(this.limit / 2);
  }

  private nextFreeAt(): number {
    if (this.limit === Infinity) return 0;
    const used = this.used();
    if (used < this.burst) return 0;
    if (used >= this.limit) return (this.times[this.times.length - this.limit] ?? 0) + COUNTS_FOR_MS;
    return (this.times.at(-1) ?? 0) + this.gap(used);
  }

  /**
   * The shortest even gap with which what is left of the limit lasts until older requests leave the window, and what
   * these free until the next ones do.
   */
  private gap(used: number): number {
    const last = this.times.at(-1) ?? 0;
    const free = this.limit - used;
    const step = Math.ceil(used / MOST_LOOKED_AT);
    let gap = 0;
    for (let older = 0; older < used; older += step) {
      const leavesIn = (this.times[this.first + older] ?? 0) + COUNTS_FOR_MS - last;
      gap = Math.max(gap, leavesIn / (free + older + 1));
    }
    return gap;
  }

  private used(): number {
    this.pass();
    return this.times.length - this.first;
  }

  /** Time goes on. */
  private pass(): void {
    const counts = this.now() - COUNTS_FOR_MS;
    while ((this.times[this.first] ?? Infinity) <= counts) this.first += 1;
    while ((this.times[this.firstTold] ?? Infinity) <= counts - OLDEST_ANSWER_MS) this.firstTold += 1;
    // Now and then, not each time: an array gives up its head in time proportional to its length.
    if (this.firstTold > this.times.length / 2) this.cut(this.firstTold);
  }

  /** Forgets the oldest. */
  private cut(count: number): void {
    this.times.splice(0, count);
    this.first = Math.max(0, this.first - count);
    this.firstTold = Math.max(0, this.firstTold - count);
  }
}
