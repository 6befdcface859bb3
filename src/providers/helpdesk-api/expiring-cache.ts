import type { Clock } from '../../clock/clock.js';

interface Entry<Value> {
  value: Value;
  until: number;
}

/** Remembers for a while, and not more than so much: what was used longest ago is forgotten first. */
export class ExpiringCache<Value extends object | null> {
  /** In the order of use. */
  private readonly entries = new Map<string, Entry<Value>>();

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** @returns undefined where nothing is remembered */
  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    if (entry.until <= this.clock.steady()) return undefined;
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value, forMs: number): void {
    this.entries.delete(key);
    this.entries.set(key, { value, until: this.clock.steady() + forMs });
    if (this.entries.size <= this.most) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
