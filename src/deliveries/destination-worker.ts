import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { Database } from '../database/database.js';
import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import type { ActiveDestination, DestinationDirectory } from '../destinations/destination-directory.js';
import type { Notifier } from '../notifiers/notifier.js';
import type { NotifierRegistry } from '../notifiers/notifier-registry.js';
import type { Deliverer } from './deliverer.js';
import { LanesInHand } from './lanes-in-hand.js';
import { nextDue } from './sql/next-due.js';
import { recoverInterrupted } from './sql/recover-interrupted.js';
import { type DueDelivery, takeDue } from './sql/take-due.js';

/** Enough to keep the lanes busy between two reads, little enough that a pause leaves few in hand. */
const CHUNK = 100;
/** Lanes worked side by side; within a lane there is always one at a time. */
const LANES_AT_ONCE = 4;
const AFTER_FAULT_MS = 1_000;
/** However long nothing is due, the queue is looked at again: a signal may have been lost. */
const LONGEST_SLEEP_MS = 5_000;

export interface WorkerParts {
  db: Database;
  clock: Clock;
  directory: DestinationDirectory;
  notifiers: NotifierRegistry;
  deliverer: Deliverer;
}

/** Sends what waits for one destination, each lane in order. It alone does so: whoever owns the destination runs it. */
export class DestinationWorker {
  private readonly logger = new Logger('dispatcher');
  private round: Promise<void> | undefined;
  private wokenMeanwhile = false;
  private cancelSleep: () => void = () => undefined;
  private onWake: () => void = () => undefined;
  private pausedUntil = new Date(0);
  private stopped = false;
  /** A fault may have left deliveries `sending` of which the outcome, or even the beginning, is not known. */
  private hasLooseEnds = false;

  constructor(
    private readonly destinationId: string,
    private readonly parts: WorkerParts,
  ) {}

  /** There may be work. Cheap: calls during a round are joined. */
  wake(): void {
    if (this.stopped) return;
    this.wokenMeanwhile = true;
    this.onWake();
    this.round ??= this.work().finally(() => {
      this.round = undefined;
      if (this.wokenMeanwhile) this.wake();
    });
  }

  /** Takes nothing new; resolves when what is in the air has landed. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelSleep();
    await this.round;
  }

  private async work(): Promise<void> {
    this.cancelSleep();
    try {
      await this.tieLooseEnds();
      while (this.wokenMeanwhile && !this.stopped) {
        this.wokenMeanwhile = false;
        await this.drain();
      }
    } catch (error) {
      this.wokenMeanwhile = false;
      this.hasLooseEnds = true;
      if (error instanceof DatabaseUnavailableError) this.logger.warn('the database is away; deliveries wait');
      else this.logger.error({ err: error, destination_id: this.destinationId }, 'the dispatcher stumbled');
      this.sleep(AFTER_FAULT_MS);
    }
  }

  /** Between rounds nothing is in the air, so whatever is `sending` was cut short. */
  private async tieLooseEnds(): Promise<void> {
    if (!this.hasLooseEnds) return;
    await recoverInterrupted(this.parts.db, this.parts.clock.now(), this.destinationId);
    this.hasLooseEnds = false;
  }

  private async drain(): Promise<void> {
    const destination = await this.findDestination();
    const notifier = destination && this.parts.notifiers.get(destination.kind);
    // Disabled or deleted: what waits for it goes on waiting, visibly, in the log.
    if (!notifier) return;
    await this.workLanes(destination, notifier);
    await this.sleepUntilDue();
  }

  /** Another process may have added it since this one read the list. */
  private async findDestination(): Promise<ActiveDestination | undefined> {
    const { directory } = this.parts;
    const known = directory.find(this.destinationId);
    if (known) return known;
    await directory.reload();
    return directory.find(this.destinationId);
  }

  /**
   * Works the lanes that are due, a few side by side, until none is. A lane that takes long holds up nobody: whenever
   * another ends, or new work is announced, the next is begun.
   */
  private async workLanes(destination: ActiveDestination, notifier: Notifier): Promise<void> {
    const lanes = new LanesInHand(LANES_AT_ONCE, (lane) => this.workLane(lane, destination, notifier));
    try {
      for (;;) {
        const mayBegin = !this.stopped && !this.isPaused() && !lanes.failed;
        if (mayBegin && lanes.wantsMore) lanes.add(await this.readDue(lanes.names));
        if (mayBegin) lanes.beginNext();
        if (lanes.areIdle) break;
        // Something came while the queue was being read, and there is a place for it.
        if (mayBegin && lanes.wantsMore && this.wokenMeanwhile) continue;
        await Promise.race([lanes.nextEnd(), this.nextWake()]);
      }
    } finally {
      // Whatever happened: nothing of a round is in the air when it is over.
      await lanes.allEnds();
    }
    lanes.throwFault();
  }

  private readDue(lanesInHand: string[]): Promise<DueDelivery[]> {
    this.wokenMeanwhile = false;
    return takeDue(this.parts.db, this.destinationId, this.parts.clock.now(), CHUNK, lanesInHand);
  }

  private nextWake(): Promise<void> {
    return new Promise((resolve) => {
      this.onWake = resolve;
    });
  }

  private async workLane(lane: DueDelivery[], destination: ActiveDestination, notifier: Notifier): Promise<void> {
    for (const delivery of lane) {
      if (this.stopped || this.isPaused()) return;
      const verdict = await this.parts.deliverer.deliver(delivery, destination, notifier);
      if (verdict.lane === 'goes_on') continue;
      if ('destinationPausedUntil' in verdict) this.pauseUntil(verdict.destinationPausedUntil);
      return;
    }
  }

  private isPaused(): boolean {
    return this.pausedUntil > this.parts.clock.now();
  }

  private pauseUntil(until: Date): void {
    if (until > this.pausedUntil) this.pausedUntil = until;
  }

  private async sleepUntilDue(): Promise<void> {
    const now = this.parts.clock.now();
    const at = this.pausedUntil > now ? this.pausedUntil : await nextDue(this.parts.db, this.destinationId, now);
    if (at) this.sleep(at.getTime() - now.getTime());
  }

  private sleep(delayMs: number): void {
    this.cancelSleep();
    if (this.stopped) return;
    this.cancelSleep = this.parts.clock.after(Math.min(Math.max(delayMs, 0), LONGEST_SLEEP_MS), () => {
      this.wake();
    });
  }
}
