import type { Clock } from '../clock/clock.js';
import type { ValidKey } from './sql/find-valid-key.js';

const REMEMBERED_MS = 3_600_000;
/** Far more than there are monitors. */
const MOST_KEYS = 100;

interface Remembered {
  key: ValidKey;
  /** By the steady clock. */
  until: number;
}

/** Keys that were valid a while ago, in the memory of this process: for monitors, while the database cannot be asked. */
export class RememberedKeys {
  private readonly byHash = new Map<string, Remembered>();

  constructor(private readonly clock: Clock) {}

  /** What the database has just said of a key. */
  learn(keyHash: Buffer, key: ValidKey | null): void {
    const hash = keyHash.toString('base64');
    this.byHash.delete(hash);
    if (!key) return;
    this.byHash.set(hash, { key, until: this.clock.steady() + REMEMBERED_MS });
    const [oldest] = this.byHash.keys();
    if (this.byHash.size > MOST_KEYS && oldest !== undefined) this.byHash.delete(oldest);
  }

  /** @returns the key, if it was valid within the last hour and has not expired since */
  recall(keyHash: Buffer): ValidKey | undefined {
    const known = this.byHash.get(keyHash.toString('base64'));
    if (!known || known.until <= this.clock.steady()) return undefined;
    const { expires_at: expiresAt } = known.key;
    return expiresAt === null || expiresAt > this.clock.now() ? known.key : undefined;
  }
}
