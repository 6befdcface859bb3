import { Logger } from '@nestjs/common';
import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import type { DestinationParts, Target } from './destination-parts.js';
import { DoubtSettler } from './doubt-settler.js';
import { LaneRunner } from './lane-runner.js';
import { LeaseLostError } from './leases/lease.js';
import { WHOLE } from './pause-book.js';
import { nextDue } from './sql/next-due.js';
import { recoverInterrupted } from './sql/recover-interrupted.js';

/** Tickets remembered before all are forgotten. */
const MOST_TICKETS = 50_000;
/** Doubts settled before the worker looks what else there is. */
const SETTLED_AT_ONCE = 20;
const AFTER_FAULT_MS = 750;
/** However long nothing is due, the queue is looked at again: a signal may have been lost. */
const LONGEST_SLEEP_MS = 5_000;

/** Sends what waits for one destination, each lane in order. It alone does so, for as long as its lease holds. */
export class DestinationWorker {
  private readonly logger = new Logger('dispatcher');
  private readonly runner: LaneRunner;
  private readonly settler: DoubtSettler;
  private running: Promise<void> | undefined;
  private settling: Promise<void> | undefined;
  private fault: { error: unknown } | undefined;
  private mayHaveDoubts = true;
  /** Something waits for its time. */
  private hasWaiting = true;
  /** A crash or a fault may have left deliveries `sending` of which the outcome, or even the beginning, is not known. */
  private looseEnds: 'of another owner' | 'of ours' | 'none' = 'of another owner';
  /** Pauses, settings or routes may have changed. */
  private isOutdated = true;
  /** What is remembered of threads may be gone. */
  private mustForget = false;
  private woken = false;
  private onWake: () => void = () => undefined;
  private cancelSleep: () => void = () => undefined;
  private stopped = false;
  private lastWork: number;

  /**
   * @param target the destination as it is now; undefined while nothing can be sent to it
   * @param onEnd called when nothing more will be done, whatever the reason
   */
  constructor(
    private readonly parts: DestinationParts,
    private readonly target: () => Target | undefined,
    private readonly onEnd: () => void,
  ) {
    this.settler = new DoubtSettler(parts);
    this.lastWork = parts.clock.steady();
    this.runner = new LaneRunner(parts, {
      onProgress: () => {
        this.lastWork = parts.clock.steady();
        this.nudge();
      },
      onWaiting: () => (this.hasWaiting = true),
      onFault: (error) => (this.fault ??= { error }),
    });
  }

  /** Begins to work. */
  start(): void {
    this.running ??= this.run();
  }

  /** There may be work. Cheap: calls between two turns are joined. */
  wake(): void {
    this.runner.lookAgain();
    this.nudge();
  }

  /** Nobody has said anything for a while. */
  poll(): void {
    // That an admin has ended a pause may have been said while nobody heard it.
    if (!this.parts.pauses.isEmpty) this.isOutdated = true;
    this.wake();
  }

  /** Pauses, settings or routes may have changed. */
  recheck(): void {
    this.isOutdated = true;
    this.wake();
  }

  /** Threads may have been erased: what is remembered of them is read anew. */
  forgetThreads(): void {
    this.mustForget = true;
    this.wake();
  }

  /** The requests that the destination may be sent in a minute, and how many of them are left; Infinity = no limit. */
  get budget(): { limit: number; left: number } {
    return this.parts.pacer.budget;
  }

  /** For how many milliseconds there has been nothing to do and nothing to wait for. */
  get idleForMs(): number {
    const isIdle = this.runner.isIdle && !this.hasWaiting && !this.settling;
    return isIdle ? this.parts.clock.steady() - this.lastWork : 0;
  }

  /** Takes nothing new; resolves when what is in the air has landed and is on record. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.runner.stop();
    this.settler.stop();
    this.parts.pacer.close();
    this.parts.log.close();
    this.nudge();
    await this.running;
  }

  private nudge(): void {
    this.woken = true;
    this.onWake();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.turn();
      } catch (error) {
        await this.afterFault(error);
      }
      await this.rest();
    }
    this.cancelSleep();
    await this.landed();
    this.onEnd();
  }

  private async turn(): Promise<void> {
    if (this.fault) throw this.fault.error;
    const target = this.target();
    if (!target) {
      // Disabled: what waits for it goes on waiting, visibly, in the log.
      this.runner.drop();
      this.hasWaiting = false;
      await this.parts.cancelOfDeleted();
      return;
    }
    this.parts.pacer.setCeiling(target.destination.settings.max_requests_per_minute);
    await this.tieLooseEnds(target);
    await this.catchUp(target);
    const { pauses } = this.parts;
    const pause = pauses.toProbe;
    if (pauses.whole) {
      // Now and then one request, to see whether the reason is gone.
      if (pause) await this.probeDestination(target);
    } else {
      if (this.mayHaveDoubts) this.settle(target);
      if (pause) {
        await pauses.probing(pause);
        await this.runner.probe(target, pause.channel);
      }
      await this.runner.run(target);
    }
    await this.setTimer();
  }

  private async tieLooseEnds({ destination, notifier }: Target): Promise<void> {
    if (this.looseEnds === 'none') return;
    await this.landed();
    if (this.looseEnds === 'of ours') await this.parts.raiseFence();
    const { db, lease, clock, steward, landsWithinMs } = this.parts;
    const window = notifier.lookUp ? landsWithinMs : 0;
    const interrupted = await recoverInterrupted(db, lease, clock.now(), window);
    if (interrupted > 0) this.logger.warn({ deliveries: interrupted }, 'attempts were cut short');
    this.looseEnds = 'none';
    await steward.resolveLeftOvers(destination, notifier);
  }

  /** Takes over what others have changed: pauses, settings, templates. */
  private async catchUp({ destination }: Target): Promise<void> {
    const { book, health, pauses } = this.parts;
    if (this.isOutdated) {
      this.isOutdated = false;
      this.runner.drop();
      this.parts.failures.forget();
      if (await pauses.load(destination)) {
        health.forget();
        await this.parts.release();
      }
    }
    if (this.mustForget || book.size > MOST_TICKETS) {
      this.mustForget = false;
      this.runner.drop();
      await this.landed();
      book.clear();
    }
  }

  private async probeDestination(target: Target): Promise<void> {
    const { pauses } = this.parts;
    this.runner.drop();
    await this.landed();
    if (!pauses.whole) return;
    await pauses.probing(pauses.whole);
    // What waits for its own next try waits for the pause instead.
    await this.parts.release();
    // What is in doubt is asked for first; a receiver that does not answer that need not be sent anything.
    const isDown = (await this.settler.settle(target, SETTLED_AT_ONCE)) === 'unanswered';
    if (pauses.find(WHOLE) && !isDown) await this.runner.probe(target, WHOLE);
    else this.nudge();
  }

  private settle(target: Target): void {
    this.mayHaveDoubts = false;
    this.settling ??= this.settler
      .settle(target, SETTLED_AT_ONCE)
      .then((settled) => {
        if (settled === 'nothing') return;
        this.mayHaveDoubts = this.hasWaiting = true;
        this.runner.lookAgain();
      })
      .catch((error: unknown) => (this.fault ??= { error }))
      .then(() => {
        this.settling = undefined;
        this.nudge();
      });
  }

  private async afterFault(error: unknown): Promise<void> {
    this.runner.drop();
    if (error instanceof LeaseLostError) {
      this.logger.warn({ destination_id: this.parts.lease.destinationId }, 'the lease is lost; another owner goes on');
      this.stopped = true;
      this.runner.stop();
      return;
    }
    if (error instanceof DatabaseUnavailableError) this.logger.warn('the database is away; deliveries wait');
    else this.logger.error({ err: error, destination_id: this.parts.lease.destinationId }, 'the dispatcher stumbled');
    await this.landed();
    this.runner.clear();
    this.fault = undefined;
    this.looseEnds = 'of ours';
    this.isOutdated = this.mayHaveDoubts = this.hasWaiting = true;
    this.woken = false;
    this.sleep(AFTER_FAULT_MS);
  }

  /** Resolves when nothing is being read, asked or sent. */
  private async landed(): Promise<void> {
    await this.settling;
    await this.runner.landed();
  }

  private async setTimer(): Promise<void> {
    if (this.woken || this.fault) return;
    const { clock, db, lease, pacer, pauses } = this.parts;
    const now = clock.now();
    const waits = [LONGEST_SLEEP_MS];
    const probeAt = pauses.nextProbeAt;
    if (probeAt) waits.push(probeAt.getTime() - now.getTime());
    if (!pauses.whole) {
      if (this.runner.waitsForRate) waits.push(pacer.waitMs);
      const { hasWaiting } = this;
      // Whatever begins to wait while the database is asked says so again.
      this.hasWaiting = false;
      const dueAt = hasWaiting ? await nextDue(db, lease.destinationId, now) : null;
      if (dueAt) {
        this.hasWaiting = true;
        waits.push(dueAt.getTime() - now.getTime());
      }
      if (dueAt && dueAt <= clock.now()) {
        // It has become due while the database was asked.
        this.mayHaveDoubts = true;
        this.nudge();
        return;
      }
    }
    this.sleep(Math.min(...waits));
  }

  private sleep(delayMs: number): void {
    this.cancelSleep();
    if (this.stopped) return;
    this.cancelSleep = this.parts.clock.after(Math.max(Math.ceil(delayMs), 1), () => {
      this.mayHaveDoubts = true;
      this.wake();
    });
  }

  private async rest(): Promise<void> {
    if (!this.woken && !this.stopped) {
      await new Promise<void>((resolve) => {
        this.onWake = resolve;
      });
    }
    this.woken = false;
  }
}
