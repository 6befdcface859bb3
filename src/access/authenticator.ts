import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import { within } from '../clock/within.js';
import { RememberedKeys } from './remembered-keys.js';
import { findValidKey, type ValidKey } from './sql/find-valid-key.js';
import { noteUse } from './sql/note-use.js';

/** How stale `last_used_at` may be: one write a minute and key, not one a request. */
const LAST_USED_RESOLUTION_MS = 60_000;
/** A database that takes longer to say whether a key is valid counts as away, for whoever can do without it. */
const ANSWER_MS = 2_000;

/**
 * Finds the key that a request is made with. Each request asks the database, so that a key which was revoked opens nothing
 * any more in any process; by the connections of the hot paths, so that a change which takes long keeps nobody out.
 */
@Injectable()
export class Authenticator {
  private readonly remembered: RememberedKeys;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.remembered = new RememberedKeys(clock);
  }

  /** @returns the key that is valid now, or null: unknown, expired and revoked look alike. Notes that it was used. */
  async authenticate(keyHash: Buffer): Promise<ValidKey | null> {
    const now = this.clock.now();
    const key = await findValidKey(this.db, keyHash, now);
    if (!key) return null;
    const stale = new Date(now.getTime() - LAST_USED_RESOLUTION_MS);
    if (!key.last_used_at || key.last_used_at <= stale) await noteUse(this.db, key.id, now, stale);
    return key;
  }
  /**
   * As `authenticate`; while the database is away, a key that was found so within the last hour is valid still. It may have
   * been revoked in another process meanwhile, so this is for what only tells how the gateway is.
   *
   * @throws DatabaseUnavailableError for any other key
   */
  async authenticateOrRecall(keyHash: Buffer): Promise<ValidKey | null> {
    try {
      const key = await this.inTime(keyHash);
      this.remembered.learn(keyHash, key);
      return key;
    } catch (error) {
      const known = error instanceof DatabaseUnavailableError ? this.remembered.recall(keyHash) : undefined;
      if (!known) throw error;
      return known;
    }
  }

  /** @throws DatabaseUnavailableError also when it does not answer in time */
  private async inTime(keyHash: Buffer): Promise<ValidKey | null> {
    const asked = this.authenticate(keyHash);
    if (await within(this.clock, ANSWER_MS, asked)) return asked;
    // Nobody waits for it any more.
    asked.catch(() => undefined);
    throw new DatabaseUnavailableError(new Error('The database does not answer in time.'));
  }
}
