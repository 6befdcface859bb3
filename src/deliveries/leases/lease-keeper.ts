import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { Environment } from '../../config/environment.js';
import { Database } from '../../database/database.js';
import { DatabaseUnavailableError } from '../../database/database-unavailable.js';
import { Lease, LeaseLostError, leaseTime } from './lease.js';
import { acquireLease } from './sql/acquire-lease.js';
import { raiseFence } from './sql/raise-fence.js';
import { releaseLeases } from './sql/release-leases.js';
import { renewLeases } from './sql/renew-leases.js';

/** Heartbeats in the time of one lease: a send may start within a fifth of it after the last. */
const HEARTBEATS = 10;
const RETRY_MS = 200;

/** The leases of this process: takes them, keeps them, gives them back. */
@Injectable()
export class LeaseKeeper {
  private readonly logger = new Logger('leases');
  private readonly owner = randomUUID();
  private readonly held = new Set<Lease>();
  private renewing: Promise<boolean> | undefined;
  private cancelHeartbeat: () => void = () => undefined;
  private onLost: (lease: Lease) => void = () => undefined;
  private stopped = false;
  /** When the last heartbeat was answered, by the steady clock; undefined before the first. */
  private beatAt: number | undefined;
  private lostCount = 0;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly environment: Environment,
  ) {}

  get leaseMs(): number {
    return this.environment.LEASE_SECONDS * 1_000;
  }

  /** How many destinations this process has. */
  get heldCount(): number {
    return this.held.size;
  }

  /** How many other processes have taken over from this one, although it goes on. */
  get lost(): number {
    return this.lostCount;
  }

  /** Milliseconds since the last heartbeat that was answered, also where there was nothing to renew; undefined while none is made. */
  get heartbeatAgeMs(): number | undefined {
    return this.beatAt === undefined || this.stopped ? undefined : this.clock.steady() - this.beatAt;
  }

  /** Begins the heartbeat. @param onLost hears of every lease that another process has taken */
  start(onLost: (lease: Lease) => void): void {
    this.onLost = onLost;
    this.beatAt = this.clock.steady();
    this.scheduleHeartbeat();
  }

  /** Ends the heartbeat and gives back whatever is still held. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelHeartbeat();
    await this.renewing;
    await this.release([...this.held]);
  }

  /** @returns undefined while another process has the destination */
  async acquire(destinationId: string): Promise<Lease | undefined> {
    const asked = leaseTime(this.clock);
    // On a database that this process has started nobody else can be: whatever is held is held by the dead.
    const isAlone = this.environment.DATABASE_URL === undefined;
    const row = await acquireLease(this.db, destinationId, this.owner, this.environment.LEASE_SECONDS, isAlone);
    if (!row) return undefined;
    const newest = row.newest_message_id === null ? null : Number(row.newest_message_id);
    const lease = new Lease(destinationId, this.owner, row.fence, newest, this.clock);
    lease.renewed(asked, this.leaseMs);
    this.held.add(lease);
    return lease;
  }

  /** Gives leases back; others may take them at once. What cannot be written runs out by itself. */
  async release(leases: readonly Lease[]): Promise<void> {
    for (const lease of leases) {
      this.held.delete(lease);
      lease.lose();
    }
    if (leases.length === 0) return;
    try {
      await releaseLeases(this.db, this.owner, leases);
    } catch (error) {
      this.logger.warn({ err: error }, 'leases could not be given back; they run out by themselves');
    }
  }

  /**
   * After a fault: whatever statement of ours is still under way in the database, of which nobody will hear, is too late
   * from now on.
   *
   * @throws LeaseLostError, DatabaseUnavailableError
   */
  async raiseFence(lease: Lease): Promise<void> {
    const asked = leaseTime(this.clock);
    const fence = await raiseFence(this.db, lease, this.environment.LEASE_SECONDS);
    if (fence === undefined) {
      this.lose(lease);
      throw new LeaseLostError(lease.destinationId);
    }
    lease.raise(fence);
    lease.renewed(asked, this.leaseMs);
  }

  /**
   * Makes sure that nobody else can take the destination for so long, asking the database if need be; while it is away,
   * this waits.
   *
   * @throws LeaseLostError when somebody else has it, or the process is stopping
   */
  async assure(lease: Lease, ms: number): Promise<void> {
    while (lease.remainingMs < ms) {
      const isRenewed = await this.renew();
      if (lease.lost) throw new LeaseLostError(lease.destinationId);
      if (lease.remainingMs >= ms) return;
      if (this.stopped) throw new LeaseLostError(lease.destinationId);
      // Time has passed meanwhile: asked again, it is long enough.
      if (isRenewed) continue;
      await new Promise<void>((resolve) => this.clock.after(RETRY_MS, resolve));
    }
  }

  /** Renews all leases; calls meanwhile share the answer. @returns whether the database has answered */
  private renew(): Promise<boolean> {
    this.renewing ??= this.renewAll().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  private async renewAll(): Promise<boolean> {
    const leases = [...this.held];
    if (leases.length === 0) return true;
    const asked = leaseTime(this.clock);
    const fences = new Map(leases.map((lease) => [lease, lease.fence]));
    try {
      const kept = await renewLeases(this.db, this.owner, this.environment.LEASE_SECONDS, leases);
      for (const lease of leases) {
        if (kept.has(lease.destinationId)) lease.renewed(asked, this.leaseMs);
        else if (fences.get(lease) === lease.fence) this.lose(lease);
      }
      return true;
    } catch (error) {
      // Nothing is sent while leases run out; what they guard waits, as it would for the database itself.
      if (error instanceof DatabaseUnavailableError)
        this.logger.debug('leases cannot be renewed: the database is away');
      else this.logger.error({ err: error }, 'leases cannot be renewed');
      return false;
    }
  }

  private lose(lease: Lease): void {
    // Given back in the meantime: not lost to anybody.
    if (!this.held.delete(lease)) return;
    lease.lose();
    this.lostCount += 1;
    this.logger.warn({ destination_id: lease.destinationId }, 'another process has taken a destination over');
    this.onLost(lease);
  }

  private scheduleHeartbeat(): void {
    if (this.stopped) return;
    this.cancelHeartbeat = this.clock.after(this.leaseMs / HEARTBEATS, () => {
      const asked = this.clock.steady();
      void this.renew().then((isAnswered) => {
        if (isAnswered) this.beatAt = asked;
        this.scheduleHeartbeat();
      });
    });
  }
}
