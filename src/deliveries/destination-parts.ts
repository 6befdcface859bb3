import type { Clock } from '../clock/clock.js';
import type { Database } from '../database/database.js';
import type { ActiveDestination } from '../destinations/destination-directory.js';
import type { DestinationFailures } from '../destinations/destination-failures.js';
import type { Notifier } from '../notifiers/notifier.js';
import { AttemptLog } from './attempt-log.js';
import type { Enrichment } from './enrichment/enrichment.js';
import { InTheAir } from './in-the-air.js';
import { FailureWatch } from './failure-watch.js';
import type { LeaseKeeper } from './leases/lease-keeper.js';
import type { Lease } from './leases/lease.js';
import type { DestinationMeter } from './metrics/destination-meter.js';
import { Pacer } from './pacer.js';
import { PauseBook } from './pause-book.js';
import type { RateBudgets } from './rate-budgets.js';
import { ReceiverHealth } from './receiver-health.js';
import { releaseWaiting } from './sql/release-waiting.js';
import { ThreadBook } from './threads/thread-book.js';
import { TopicSteward } from './threads/topic-steward.js';
import type { DestinationTraces } from './traces/destination-traces.js';

/** A request to a receiver takes no longer, however long the lease. */
const LONGEST_SEND_MS = 8_000;
/** The share of a lease that a request may take: the rest is for heartbeats. */
const SEND_SHARE = 0.8;
/** A server may still work on a request that we have given up: after this share of its time limit it is taken for done. */
const LANDING_MARGIN = 0.6;
const SHORTEST_LANDING_MARGIN_MS = 2_000;

/** Where deliveries are going: the destination as it is now, and the code for its kind. */
export interface Target {
  destination: ActiveDestination;
  notifier: Notifier;
}

/** What working for one destination takes, for as long as its lease is ours. */
export class DestinationParts {
  readonly log: AttemptLog;
  readonly pauses: PauseBook;
  readonly pacer: Pacer;
  readonly health: ReceiverHealth;
  readonly failures: FailureWatch;
  readonly book: ThreadBook;
  readonly steward: TopicSteward;
  readonly air = new InTheAir();
  /** Milliseconds from the first byte of a request to the last. */
  readonly sendLimitMs: number;
  /** Milliseconds after its beginning for which a request may still land. */
  readonly landsWithinMs: number;

  constructor(
    readonly db: Database,
    readonly clock: Clock,
    readonly lease: Lease,
    private readonly leases: LeaseKeeper,
    budgets: RateBudgets,
    readonly enrichment: Enrichment,
    private readonly destinationFailures: DestinationFailures,
    { destination, notifier }: Target,
    readonly meter: DestinationMeter,
    /** Undefined where nothing is traced. */
    readonly traces: DestinationTraces | undefined,
  ) {
    this.sendLimitMs = Math.min(LONGEST_SEND_MS, leases.leaseMs * SEND_SHARE);
    this.landsWithinMs = this.sendLimitMs + Math.max(this.sendLimitMs * LANDING_MARGIN, SHORTEST_LANDING_MARGIN_MS);
    this.log = new AttemptLog(db, clock, lease, meter);
    this.pauses = new PauseBook(destination.id, db, clock);
    this.pacer = new Pacer(budgets.of(notifier.accountOf(destination)), clock, () => this.assureLease());
    this.health = new ReceiverHealth(this.pauses, this.pacer, clock, () => this.release());
    this.failures = new FailureWatch(destination.id, destinationFailures, clock);
    this.book = new ThreadBook(db, clock);
    this.steward = new TopicSteward(db, clock, this.pacer, this.book, this.sendLimitMs);
  }

  /**
   * Resolves when a request may begin: nobody else can own the destination before it ends.
   *
   * @throws LeaseLostError
   */
  assureLease(): Promise<void> {
    return this.leases.assure(this.lease, this.sendLimitMs);
  }

  /** See `LeaseKeeper.raiseFence`. */
  raiseFence(): Promise<void> {
    return this.leases.raiseFence(this.lease);
  }

  /** See `DestinationFailures.cancelOfDeleted`. */
  cancelOfDeleted(): Promise<void> {
    return this.destinationFailures.cancelOfDeleted(this.lease.destinationId);
  }

  /** Lets all that waits for its next try go at once: what it waited for is over. */
  release(): Promise<void> {
    return releaseWaiting(this.db, this.lease.destinationId, this.clock.now());
  }
}
