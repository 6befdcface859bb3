import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import { NotifierRegistry } from '../notifiers/notifier-registry.js';
import { AttemptLog } from './attempt-log.js';
import { Deliverer } from './deliverer.js';
import { DeliverySignal } from './delivery-signal.js';
import { DestinationWorker } from './destination-worker.js';
import { findWaitingDestinations } from './sql/find-waiting-destinations.js';
import { recoverInterrupted } from './sql/recover-interrupted.js';

/** How often the queue is looked at without a signal: the safety net, and what finds work that another process accepted. */
const POLL_MS = 5_000;

/**
 * Drains the queue: one worker a destination, woken by intake, by its own timers and by a poll. It assumes to be the
 * only dispatcher of the database.
 */
@Injectable()
export class Dispatcher {
  private readonly logger = new Logger('dispatcher');
  private readonly workers = new Map<string, DestinationWorker>();
  private cancelPoll: () => void = () => undefined;
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly directory: DestinationDirectory,
    private readonly notifiers: NotifierRegistry,
    private readonly deliverer: Deliverer,
    private readonly attemptLog: AttemptLog,
    private readonly signal: DeliverySignal,
  ) {}

  /** Settles what a crash left in the air, then begins to deliver. */
  async start(): Promise<void> {
    const interrupted = await recoverInterrupted(this.db, this.clock.now());
    if (interrupted > 0) this.logger.warn({ deliveries: interrupted }, 'attempts were cut short; they are tried again');
    this.signal.onWork((destinationIds) => {
      // Hooks are taken until the server closes; what they announce now is the next start's.
      if (this.stopped) return;
      for (const id of destinationIds) this.worker(id).wake();
    });
    await this.poll();
  }

  /** Takes nothing new; resolves when every attempt in the air is on record. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelPoll();
    this.attemptLog.close();
    await Promise.all([...this.workers.values()].map((worker) => worker.stop()));
  }

  private async poll(): Promise<void> {
    try {
      const waiting = await findWaitingDestinations(this.db);
      if (this.stopped) return;
      for (const id of waiting) this.worker(id).wake();
    } catch (error) {
      this.logger.warn({ err: error }, 'the queue cannot be read');
    }
    if (this.stopped) return;
    this.cancelPoll = this.clock.after(POLL_MS, () => void this.poll());
  }

  private worker(destinationId: string): DestinationWorker {
    const known = this.workers.get(destinationId);
    if (known) return known;
    const { db, clock, directory, notifiers, deliverer } = this;
    const worker = new DestinationWorker(destinationId, { db, clock, directory, notifiers, deliverer });
    this.workers.set(destinationId, worker);
    return worker;
  }
}
