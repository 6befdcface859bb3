import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { CHANGES_CHANNEL, Notifications } from '../database/notifications.js';
import { Database } from '../database/database.js';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import { DestinationFailures } from '../destinations/destination-failures.js';
import { NotifierRegistry } from '../notifiers/notifier-registry.js';
import { RouteTable } from '../routes/route-table.js';
import { DeliverySignal } from './delivery-signal.js';
import { DestinationParts, type Target } from './destination-parts.js';
import { DestinationWorker } from './destination-worker.js';
import { Enrichment } from './enrichment/enrichment.js';
import { LeftBehind } from './left-behind.js';
import { LeaseKeeper } from './leases/lease-keeper.js';
import type { Lease } from './leases/lease.js';
import { DeliveryMetrics } from './metrics/delivery-metrics.js';
import { RateBudgets } from './rate-budgets.js';
import { findWaitingDestinations } from './sql/find-waiting-destinations.js';
import { DeliveryTraces } from './traces/delivery-traces.js';
import { FREE_MARK, WORK_CHANNEL, WorkAnnouncer } from './work-announcer.js';

/** How often the queue is looked at without a signal: the safety net, and what takes over from the dead. */
const POLL_MS = 2_000;
/** A lease that runs out is looked at so much later: its owner's last heartbeat may still be on its way. */
const AFTER_LEASE_MS = 50;
/** A destination without work is given up, so that whichever process has work for it next takes it. */
const IDLE_MS = 60_000;
/** What is in the air when the process stops has so long to land; a request takes 8 s at most. */
const LANDING_LIMIT_MS = 12_000;

interface Owned {
  lease: Lease;
  worker: DestinationWorker;
}

/**
 * Drains the queue: one worker for each destination that this process owns. Work is announced by intake in this process,
 * by other processes, and found by a poll; whoever is first to take an ownerless destination's lease works for it.
 */
@Injectable()
export class Dispatcher {
  private readonly logger = new Logger('dispatcher');
  private readonly owned = new Map<string, Owned>();
  private readonly acquiring = new Map<string, Promise<boolean>>();
  /** Until when, by the steady clock, a destination is taken for another process's, or for nobody's. */
  private readonly foreignUntil = new Map<string, number>();
  private readonly leftBehind: LeftBehind;
  private cancelPoll: () => void = () => undefined;
  private polling = false;
  private isStarted = false;
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly directory: DestinationDirectory,
    private readonly routes: RouteTable,
    private readonly notifiers: NotifierRegistry,
    private readonly leases: LeaseKeeper,
    private readonly budgets: RateBudgets,
    private readonly enrichment: Enrichment,
    private readonly failures: DestinationFailures,
    private readonly signal: DeliverySignal,
    private readonly announcer: WorkAnnouncer,
    private readonly notifications: Notifications,
    private readonly metrics: DeliveryMetrics,
    private readonly traces: DeliveryTraces,
  ) {
    this.leftBehind = new LeftBehind(db, clock, leases);
  }

  /** Begins to deliver. */
  async start(): Promise<void> {
    this.isStarted = true;
    this.leases.start((lease) => {
      this.abandon(lease);
    });
    this.signal.onWork((ids) => {
      for (const id of ids) void this.wake(id, true);
    });
    this.notifications.listen(WORK_CHANNEL, (words) => {
      for (const word of words.split(',')) this.hear(word);
    });
    this.notifications.listen(CHANGES_CHANNEL, (table) => {
      if (table === 'pauses') this.recheckAll();
      if (table === 'threads') this.forgetThreads();
    });
    this.notifications.onReconnect(() => {
      this.recheckAll();
      this.forgetThreads();
      void this.poll();
    });
    for (const snapshot of [this.directory, this.routes]) {
      snapshot.onChange(() => {
        this.recheckAll();
      });
    }
    await this.poll();
  }

  /** The destinations that this process sends to, with what is left of their rates. */
  *workedFor(): Generator<{ destinationId: string; budget: DestinationWorker['budget'] }> {
    for (const [destinationId, { worker }] of this.owned) yield { destinationId, budget: worker.budget };
  }

  /** Takes nothing new; resolves when every attempt in the air is on record and others may take over. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelPoll();
    if (!this.isStarted) return;
    const owned = [...this.owned.values()];
    this.owned.clear();
    const landed = Promise.all(owned.map(({ worker }) => worker.stop())).then(() => true);
    const isTooLate = new Promise<boolean>((resolve) =>
      this.clock.after(LANDING_LIMIT_MS, () => {
        resolve(false);
      }),
    );
    if (!(await Promise.race([landed, isTooLate])))
      this.logger.error('not everything has landed; it counts as in doubt');
    await this.leases.stop();
    for (const { lease } of owned) this.announcer.announceFree(lease.destinationId);
  }

  /** What another process says. */
  private hear(word: string): void {
    const isFree = word.startsWith(FREE_MARK);
    const id = isFree ? word.slice(FREE_MARK.length) : word;
    if (isFree) this.foreignUntil.delete(id);
    void this.wake(id, false);
  }

  /** @param isOurs announced by this process: if another owns the destination, it has to be told */
  private async wake(destinationId: string, isOurs: boolean): Promise<void> {
    // Hooks are taken until the server closes; what they announce now is another owner's.
    if (this.stopped) {
      if (isOurs) this.announcer.announce(destinationId);
      return;
    }
    const owned = this.owned.get(destinationId);
    if (owned) owned.worker.wake();
    else if (!(await this.acquire(destinationId)) && isOurs) this.announcer.announce(destinationId);
  }

  /** @returns whether the destination is ours now; calls at the same time share the answer */
  private acquire(destinationId: string): Promise<boolean> {
    const foreignUntil = this.foreignUntil.get(destinationId);
    if (foreignUntil !== undefined && foreignUntil > this.clock.steady()) return Promise.resolve(false);
    const known = this.acquiring.get(destinationId);
    if (known) return known;
    const acquiring = this.takeLease(destinationId)
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'a destination could not be taken; it is tried again');
        return false;
      })
      .finally(() => this.acquiring.delete(destinationId));
    this.acquiring.set(destinationId, acquiring);
    return acquiring;
  }

  private async takeLease(destinationId: string): Promise<boolean> {
    // One that cannot be read waits for an admin, and its lease is for whoever has the key that this process lacks.
    const mayBeNew = !this.directory.findUnreadable(destinationId);
    const target = this.target(destinationId) ?? (mayBeNew ? await this.reloadTarget(destinationId) : undefined);
    if (!target && mayBeNew) await this.failures.cancelOfDeleted(destinationId);
    const lease = target && (await this.leases.acquire(destinationId));
    if (!lease) {
      this.foreignUntil.set(destinationId, this.clock.steady() + POLL_MS);
      return false;
    }
    this.foreignUntil.delete(destinationId);
    if (this.stopped) {
      await this.leases.release([lease]);
      return false;
    }
    const { db, clock, leases, budgets, enrichment, failures } = this;
    const meter = this.metrics.of(destinationId);
    const traces = this.traces.of(target.destination);
    const parts = new DestinationParts(db, clock, lease, leases, budgets, enrichment, failures, target, meter, traces);
    const worker = new DestinationWorker(
      parts,
      () => this.target(destinationId),
      () => void this.giveUp(lease),
    );
    this.owned.set(destinationId, { lease, worker });
    worker.start();
    return true;
  }

  private target(destinationId: string): Target | undefined {
    const destination = this.directory.find(destinationId);
    const notifier = destination && this.notifiers.get(destination.kind);
    return notifier && { destination, notifier };
  }

  /** Another process may have added it a moment ago. */
  private async reloadTarget(destinationId: string): Promise<Target | undefined> {
    await this.directory.reload();
    return this.target(destinationId);
  }

  private recheckAll(): void {
    for (const [id, { worker }] of this.owned) {
      // Whoever can read its secret may have it; here it is taken up again when that has been given anew.
      if (this.directory.findUnreadable(id)) void worker.stop();
      else worker.recheck();
    }
  }

  /** Threads may have been erased. */
  private forgetThreads(): void {
    for (const { worker } of this.owned.values()) worker.forgetThreads();
  }

  /** The worker has ended, by itself perhaps: nothing is kept for it. */
  private async giveUp(lease: Lease): Promise<void> {
    if (this.owned.get(lease.destinationId)?.lease !== lease) return;
    this.owned.delete(lease.destinationId);
    await this.leases.release([lease]);
  }

  /** Another process has taken it over. What is in the air lands by itself. */
  private abandon(lease: Lease): void {
    const owned = this.owned.get(lease.destinationId);
    if (owned?.lease !== lease) return;
    this.owned.delete(lease.destinationId);
    void owned.worker.stop();
  }

  private async poll(): Promise<void> {
    if (this.polling || this.stopped) return;
    this.polling = true;
    this.cancelPoll();
    let nextMs = POLL_MS;
    try {
      await this.giveUpIdle();
      for (const { id, held_for_ms: heldForMs, owner } of await findWaitingDestinations(this.db)) {
        const owned = this.owned.get(id);
        if (owned) owned.worker.poll();
        else if (owner !== null && heldForMs !== null && heldForMs > 0)
          nextMs = Math.min(nextMs, heldForMs + AFTER_LEASE_MS);
        this.foreignUntil.delete(id);
        if (!owned) await this.acquire(id);
      }
      await this.leftBehind.cancel((id) => this.owned.has(id) || this.acquiring.has(id));
    } catch (error) {
      this.logger.warn({ err: error }, 'the queue cannot be read');
    }
    this.polling = false;
    if (this.isStopped()) return;
    this.cancelPoll = this.clock.after(nextMs, () => void this.poll());
  }

  /** A method, since the compiler does not see that it changes while something is awaited. */
  private isStopped(): boolean {
    return this.stopped;
  }

  private async giveUpIdle(): Promise<void> {
    const idle = [...this.owned.values()].filter(({ worker }) => worker.idleForMs > IDLE_MS);
    for (const { lease, worker } of idle) {
      this.owned.delete(lease.destinationId);
      await worker.stop();
    }
    await this.leases.release(idle.map(({ lease }) => lease));
  }
}
