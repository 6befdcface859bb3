import type { Clock } from '../clock/clock.js';

const PROVEN_MS = 3_600_000;

/**
 * Which keys have been valid from which addresses within the last hour, in the memory of this process. Those that were
 * used longest ago are forgotten when there are too many.
 */
export class ProvenKeys {
  /** Until when each counts, in ms of the steady clock; the one used last at the end. */
  private readonly until = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
  ) {}

  has(key: string): boolean {
    return (this.until.get(key) ?? 0) > this.clock.steady();
  }

  add(key: string): void {
    this.until.delete(key);
    this.until.set(key, this.clock.steady() + PROVEN_MS);
    const [oldest] = this.until.keys();
    if (this.until.size > this.most && oldest !== undefined) this.until.delete(oldest);
  }

  remove(key: string): void {
    this.until.delete(key);
  }
}
