import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Problem } from '../http/problem.js';
import { type Rate, RateLimiter } from '../http/rate-limiter.js';
import { addressGroup } from './address-group.js';
import { ProvenKeys } from './proven-keys.js';

/** A person who mistypes needs a few; whoever guesses 256 bits gains nothing by more. */
const WRONG_KEYS: Rate = { perMinute: 20, burst: 20 };
const WARNINGS: Rate = { perMinute: 1, burst: 1 };
/** Some 1 MB each. */
const MOST_ADDRESSES = 10_000;
const MOST_PROVEN_KEYS = 10_000;
const MS_PER_SECOND = 1_000;

/**
 * Limits how many wrong keys may come from an address; beyond it the database is not asked any more.
 *
 * Many callers may share an address: an office, a proxy that is not named in `TRUSTED_PROXIES`. So that one of them with
 * a wrong key cannot lock out the others, a key that has been valid from that address within the last hour goes on
 * working: it is looked up as ever, and nobody learns anything by it that is not known already. Only keys that are new
 * to the address have to wait.
 *
 * An attempt is counted before it is judged, and given back if the key was valid: else any number at once would pass
 * before the first is found wrong. Each process counts for itself.
 */
@Injectable()
export class AttemptLimiter {
  private readonly logger = new Logger('access');
  private readonly wrong: RateLimiter;
  private readonly warnings: RateLimiter;
  private readonly proven: ProvenKeys;
  /** How many requests with a key that is not proven are being judged. */
  private readonly underWay = new Map<string, number>();

  constructor(clock: Clock) {
    this.wrong = new RateLimiter(clock, MOST_ADDRESSES);
    this.warnings = new RateLimiter(clock, MOST_ADDRESSES);
    this.proven = new ProvenKeys(clock, MOST_PROVEN_KEYS);
  }

  /**
   * Judges a key that somebody presents.
   *
   * @param address of whoever presents it, behind trusted proxies
   * @param keyHash undefined for what cannot be a key
   * @param judge finds the key, null where it is not valid
   * @returns what `judge` finds
   * @throws Problem 429 `too_many_attempts`, and whatever `judge` throws, which counts for nothing
   */
  async judge<Key>(
    address: string,
    keyHash: Buffer | undefined,
    judge: (keyHash: Buffer) => Promise<Key | null>,
  ): Promise<Key | null> {
    const from = addressGroup(address);
    const attempt = `${from} ${keyHash?.toString('base64') ?? ''}`;
    const isCounted = !this.proven.has(attempt) && this.count(from, attempt);
    this.begin(attempt);
    try {
      const key = keyHash === undefined ? null : await judge(keyHash);
      if (key) this.proven.add(attempt);
      else this.proven.remove(attempt);
      if (key && isCounted) this.wrong.giveBack(from, WRONG_KEYS);
      if (!key && !isCounted) this.wrong.take(from, WRONG_KEYS);
      return key;
    } catch (error) {
      if (isCounted) this.wrong.giveBack(from, WRONG_KEYS);
      throw error;
    } finally {
      this.end(attempt);
    }
  }

  /**
   * The same key once more, while it is being judged, guesses nothing new: a client that begins with many requests at
   * once has one attempt.
   *
   * @returns whether it was counted
   * @throws Problem 429 `too_many_attempts`
   */
  private count(from: string, attempt: string): boolean {
    const isNew = !this.underWay.has(attempt);
    const waitMs = isNew ? this.wrong.take(from, WRONG_KEYS) : this.wrong.waitOf(from, WRONG_KEYS);
    if (waitMs === 0) return isNew;
    if (this.warnings.take(from, WARNINGS) === 0) {
      this.logger.warn({ address: from }, 'too many wrong API keys from an address: it has to wait');
    }
    throw new Problem(429, 'too_many_attempts', 'Too many wrong API keys have come from your address.', {
      retryAfterSeconds: waitMs / MS_PER_SECOND,
    });
  }

  private begin(attempt: string): void {
    this.underWay.set(attempt, (this.underWay.get(attempt) ?? 0) + 1);
  }

  private end(attempt: string): void {
    const others = (this.underWay.get(attempt) ?? 1) - 1;
    if (others > 0) this.underWay.set(attempt, others);
    else this.underWay.delete(attempt);
  }
}
