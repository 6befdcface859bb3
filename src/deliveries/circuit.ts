import type { FailureReason } from '../notifiers/notifier.js';

const FAILURES_TO_OPEN = 5;
const FAILING_FOR_MS = 30_000;
/** What speaks of the receiver as a whole, rather than of one message. */
const RECEIVER_IS_DOWN: readonly FailureReason[] = ['network', 'timeout', 'server_error'];

/** Tells a receiver that is down from a message that fails: several failures in a row, over some time. */
export class Circuit {
  private failures = 0;
  private firstFailureAt = 0;

  /** @returns whether such a failure counts */
  static concerns(reason: FailureReason): boolean {
    return RECEIVER_IS_DOWN.includes(reason);
  }

  /** @returns whether the receiver is to be taken for down from now on */
  failed(now: Date): boolean {
    if (this.failures === 0) this.firstFailureAt = now.getTime();
    this.failures += 1;
    return this.failures >= FAILURES_TO_OPEN && now.getTime() - this.firstFailureAt >= FAILING_FOR_MS;
  }

  /** Any answer of the receiver's own. */
  answered(): void {
    this.failures = 0;
  }
}
