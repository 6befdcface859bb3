import type { Clock } from '../../clock/clock.js';

/** Another process owns the destination now, or may: nothing may be sent or written for it. */
export class LeaseLostError extends Error {
  constructor(readonly destinationId: string) {
    super('The lease of a destination was lost.');
    this.name = 'LeaseLostError';
  }
}

/**
 * The right to send for one destination, as its owner knows it. The database says until when, by its own clock; the owner
 * counts from before it asked, so it errs on the safe side.
 */
export class Lease {
  /** The newest message id that the receiver has told us; kept at the next heartbeat. */
  newestMessageId: number | null;
  private steadyUntil = 0;
  private wallUntil = 0;
  private isLost = false;

  /**
   * @param owner the process
   * @param currentFence grows with every owner of the destination; guards what is written
   */
  constructor(
    readonly destinationId: string,
    readonly owner: string,
    private currentFence: string,
    newestMessageId: number | null,
    private readonly clock: Clock,
  ) {
    this.newestMessageId = newestMessageId;
  }

  /**
   * Milliseconds for which nobody else can have the destination. By two clocks: one goes on while the process is
   * stopped, the other also while the machine sleeps.
   */
  get remainingMs(): number {
    if (this.isLost) return 0;
    return Math.max(0, Math.min(this.steadyUntil - this.clock.steady(), this.wallUntil - this.clock.now().getTime()));
  }

  get fence(): string {
    return this.currentFence;
  }

  /** What was written under the fence before does not count any more. */
  raise(fence: string): void {
    this.currentFence = fence;
  }

  get lost(): boolean {
    return this.isLost;
  }

  /** @param asked when the database was asked, by both clocks of this process */
  renewed(asked: LeaseTime, forMs: number): void {
    this.steadyUntil = asked.steady + forMs;
    this.wallUntil = asked.wall + forMs;
  }

  lose(): void {
    this.isLost = true;
  }

  /** The receiver has told a message id. */
  saw(messageId: number): void {
    if (this.newestMessageId === null || messageId > this.newestMessageId) this.newestMessageId = messageId;
  }
}

/** One moment by both clocks of this process, in milliseconds. */
export interface LeaseTime {
  steady: number;
  wall: number;
}

export function leaseTime(clock: Clock): LeaseTime {
  return { steady: clock.steady(), wall: clock.now().getTime() };
}
