import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { ActiveDestination } from '../destinations/destination-directory.js';
import type { DestinationFailures } from '../destinations/destination-failures.js';
import { disablesAt, type Failing, warnsAt } from '../destinations/failing.js';
import type { SendOutcome } from '../notifiers/notifier.js';

/** Shorter troubles are not put on record: between a failure and its next try much arrives elsewhere. */
const ON_RECORD_AFTER_MS = 60_000;

/**
 * Disables a destination at which nothing arrives: at once where it says that it is gone, else after days, with a warning
 * before. What waits for it goes on waiting.
 */
export class FailureWatch {
  private readonly logger = new Logger('deliveries');
  /** What is on record; undefined = not yet read. */
  private failing: Failing | null | undefined;
  /** Of the failures since the last success. */
  private firstFailureAt: Date | undefined;
  private lastWork: Promise<void> = Promise.resolve();

  constructor(
    private readonly destinationId: string,
    private readonly failures: DestinationFailures,
    private readonly clock: Clock,
  ) {}

  /** Takes in how a message fared. Outcomes follow one another, however many messages are in the air. */
  hear(outcome: SendOutcome, destination: ActiveDestination): Promise<void> {
    const isWell = outcome.outcome === 'sent' && this.failing === null && !this.firstFailureAt;
    if (isWell) return Promise.resolve();
    const work = this.lastWork.then(() => this.consider(outcome, destination));
    this.lastWork = work.catch(() => undefined);
    return work;
  }

  /** An admin may have enabled it again: what is on record is read anew. */
  forget(): void {
    this.failing = undefined;
  }

  private async consider(outcome: SendOutcome, destination: ActiveDestination): Promise<void> {
    if (this.failing === undefined) this.failing = await this.failures.find(this.destinationId);
    if (outcome.outcome === 'sent') return this.succeeded(destination);
    // It was disabled while this was in the air.
    if (this.failing?.disabled_because) return;
    this.firstFailureAt ??= this.clock.now();
    const failing = this.failing ?? this.newFailing(this.firstFailureAt);
    if (outcome.reason === 'gone') return this.disable(failing, 'gone', destination);
    await this.failed(failing, destination);
  }

  private async succeeded(destination: ActiveDestination): Promise<void> {
    this.firstFailureAt = undefined;
    if (!this.failing || this.failing.disabled_because) return;
    await this.failures.remove(this.destinationId);
    this.failing = null;
    this.logger.log({ destination: destination.name }, 'works again');
  }

  private async failed(failing: Failing, destination: ActiveDestination): Promise<void> {
    const now = this.clock.now();
    if (failing.warned_at && now >= disablesAt(failing)) return this.disable(failing, 'failing', destination);
    if (!failing.warned_at && now >= warnsAt(failing)) {
      const warned = { ...failing, warned_at: now };
      await this.save(warned);
      const facts = { destination: destination.name, failing_since: failing.since, disables_at: disablesAt(warned) };
      this.logger.warn(facts, 'nothing has arrived for days: it will be disabled');
    } else if (!this.failing && now.getTime() - failing.since.getTime() >= ON_RECORD_AFTER_MS) {
      await this.save(failing);
    }
  }

  private async disable(failing: Failing, because: 'gone' | 'failing', destination: ActiveDestination): Promise<void> {
    const disabled = { ...failing, disabled_because: because };
    await this.failures.disable(disabled);
    this.failing = disabled;
    this.firstFailureAt = undefined;
    this.logger.error({ destination: destination.name, because }, 'disabled: what waits for it is kept');
  }

  private async save(failing: Failing): Promise<void> {
    await this.failures.save(failing);
    this.failing = failing;
  }

  private newFailing(since: Date): Failing {
    return { destination_id: this.destinationId, since, warned_at: null, disabled_because: null };
  }
}
