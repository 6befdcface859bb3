import type { Clock } from '../clock/clock.js';
import type { RateFacts } from '../notifiers/notifier.js';
import { RateBudget } from './rate-budget.js';

/** Where a receiver that limits us does not say how long. */
const DEFAULT_BLOCK_MS = 5_000;

/** The process is stopping: no further request is made. */
class PacerClosedError extends Error {
  constructor() {
    super('The process is stopping; no further request is made.');
    this.name = 'PacerClosedError';
  }
}

/** Keeps one destination within its account's rate, which other destinations may share, and within its own ceiling. */
export class Pacer {
  private readonly ceiling: RateBudget;
  private waiting = 0;
  private closed = false;
  private wakeAll: (() => void)[] = [];

  /** @param assureLease resolves when a request may begin */
  constructor(
    private readonly account: RateBudget,
    private readonly clock: Clock,
    private readonly assureLease: () => Promise<void>,
  ) {
    this.ceiling = new RateBudget(() => clock.steady());
  }

  /** @param perMinute requests; undefined = no ceiling of the destination's own */
  setCeiling(perMinute: number | undefined): void {
    this.ceiling.setLimit(perMinute ?? Infinity);
  }

  /** How many messages may go now; none while another request of a delivery that is on its way waits for its turn. */
  get available(): number {
    return this.waiting > 0 ? 0 : Math.min(this.account.available, this.ceiling.available);
  }

  /** The requests that may be made in a minute, and how many of them are left; Infinity = no limit. */
  get budget(): { limit: number; left: number } {
    const { account, ceiling } = this;
    return { limit: Math.min(account.most, ceiling.most), left: Math.min(account.left, ceiling.left) };
  }

  get waitMs(): number {
    return Math.max(this.account.waitMs, this.ceiling.waitMs);
  }

  take(): void {
    this.account.take();
    this.ceiling.take();
  }

  /** What was taken is not used: nothing is sent. */
  giveBack(): void {
    this.account.giveBack();
    this.ceiling.giveBack();
  }

  /**
   * Waits until a request may be made, and counts it.
   *
   * @throws LeaseLostError when another process owns the destination; PacerClosedError when the process is stopping
   */
  async pass(): Promise<void> {
    this.waiting += 1;
    try {
      while (this.waitMs > 0 && !this.closed) await this.sleep(this.waitMs);
      if (this.closed) throw new PacerClosedError();
      this.take();
    } finally {
      this.waiting -= 1;
    }
    await this.assureLease();
  }

  /** What an answer said, and whether it was a refusal for the rate. */
  heard(answer: { rate?: RateFacts; reason?: string; retryAfterSeconds?: number }): void {
    if (answer.rate) this.account.learn(answer.rate);
    if (answer.reason !== 'rate_limited') return;
    this.account.block(
      answer.retryAfterSeconds === undefined ? DEFAULT_BLOCK_MS : Math.ceil(answer.retryAfterSeconds * 1_000),
    );
  }

  /** Nobody waits any longer: the process is stopping, and what is left to be asked is the next owner's. */
  close(): void {
    this.closed = true;
    for (const wake of this.wakeAll.splice(0)) wake();
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(Math.ceil(ms), () => {
        this.wakeAll = this.wakeAll.filter((wake) => wake !== end);
        resolve();
      });
      const end = (): void => {
        cancel();
        resolve();
      };
      this.wakeAll.push(end);
    });
  }
}
