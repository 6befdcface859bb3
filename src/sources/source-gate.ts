import { isIP } from 'node:net';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Problem } from '../http/problem.js';
import { type Rate, RateLimiter } from '../http/rate-limiter.js';
import { type ActiveSource, SourceDirectory } from './source-directory.js';

/** Far more sources than anybody has. */
const MOST_SOURCES = 10_000;
const MS_PER_SECOND = 1_000;
const ONCE_A_MINUTE: Rate = { perMinute: 1, burst: 1 };

/** Whoever sends a request. Behind proxies the address costs 3.5 µs to find (measured): it is read only where it matters. */
interface Sender {
  readonly ip: string;
}

/** A request for a source came from an address that the source does not name in its `allowed_ips`: 403 `address_not_allowed`. */
export class AddressNotAllowedProblem extends Problem {
  /** Private, so that no logger finds its secrets on an error. */
  readonly #source: ActiveSource;

  constructor(source: ActiveSource, address: string) {
    // A proxy may pass on what is no address: that is not to be shown.
    const where = isIP(address) === 0 ? 'the address that this comes from' : address;
    super(403, 'address_not_allowed', `The source takes nothing from ${where}.`);
    this.#source = source;
  }

  /** The one that it was for. */
  get source(): ActiveSource {
    return this.#source;
  }
}

/**
 * Keeps what comes for a source to the `allowed_ips` and the `rate_limit_per_minute` of its settings. Whoever comes from
 * elsewhere uses up nothing of the rate. The rate is counted by each process for itself: behind two, twice as much comes
 * through at most.
 */
@Injectable()
export class SourceGate {
  private readonly logger = new Logger('intake');
  private readonly limiter: RateLimiter;
  private readonly warnings: RateLimiter;

  constructor(
    private readonly sources: SourceDirectory,
    clock: Clock,
  ) {
    this.limiter = new RateLimiter(clock, MOST_SOURCES);
    this.warnings = new RateLimiter(clock, MOST_SOURCES);
  }

  /**
   * Lets a request in that was made with an `ingest` key, and counts it.
   *
   * @param sourceId of the key
   * @param address of the caller, behind trusted proxies
   * @throws Problem 403 `source_disabled` where the source is disabled or deleted, `address_not_allowed`; 429
   *   `rate_limited`
   */
  admit(sourceId: string, address: string): void {
    const source = this.sources.findById(sourceId);
    if (!source) {
      throw new Problem(403, 'source_disabled', 'The source that this key belongs to is disabled or deleted.');
    }
    this.admitTo(source, { ip: address });
  }

  /** As `admit`, where the source is known already. @throws Problem 403 `address_not_allowed`, 429 `rate_limited` */
  admitTo(source: ActiveSource, sender: Sender): void {
    this.requireAddress(source, sender);
    const rate = rateOf(source);
    if (!rate) return;
    const waitMs = this.limiter.take(counterOf(source, rate), rate);
    if (waitMs > 0) this.refuse(source, rate, waitMs);
  }

  /** Lets a probe in, which counts for nothing. @throws Problem 403 `address_not_allowed` */
  requireAddress(source: ActiveSource, sender: Sender): void {
    if (source.allowedAddresses?.includes(sender.ip) === false) throw new AddressNotAllowedProblem(source, sender.ip);
  }

  /** Counts what an admitted request turned out to hold beside one webhook; it is let in, later ones wait for it. */
  chargeMore(source: ActiveSource, count: number): void {
    const rate = rateOf(source);
    if (rate && count > 0) this.limiter.charge(counterOf(source, rate), rate, count);
  }

  private refuse({ id, name }: ActiveSource, { perMinute }: Rate, waitMs: number): never {
    if (this.warnings.take(id, ONCE_A_MINUTE) === 0) {
      this.logger.warn({ source_id: id, source: name }, `more than ${perMinute} a minute: webhooks are refused`);
    }
    throw new Problem(429, 'rate_limited', `This source takes ${perMinute} webhooks a minute.`, {
      retryAfterSeconds: waitMs / MS_PER_SECOND,
    });
  }
}

/** A minute's worth may come at once. */
function rateOf({ settings: { rate_limit_per_minute: perMinute } }: ActiveSource): Rate | undefined {
  return perMinute === undefined ? undefined : { perMinute, burst: perMinute };
}

/** Another rate is counted anew. */
function counterOf({ id }: ActiveSource, { perMinute }: Rate): string {
  return `${id} ${perMinute}`;
}
