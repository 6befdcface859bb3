import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { findValidKey, type ValidKey } from './sql/find-valid-key.js';
import { noteUse } from './sql/note-use.js';

/** How stale `last_used_at` may be: one write a minute and key, not one a request. */
const LAST_USED_RESOLUTION_MS = 60_000;

/**
 * Finds the key that a request is made with. Each request asks the database, so that a key which was revoked opens nothing
 * any more in any process; by the connections of the hot paths, so that a change which takes long keeps nobody out.
 */
@Injectable()
export class Authenticator {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns the key that is valid now, or null: unknown, expired and revoked look alike. Notes that it was used. */
  async authenticate(keyHash: Buffer): Promise<ValidKey | null> {
    const now = this.clock.now();
    const key = await findValidKey(this.db, keyHash, now);
    if (!key) return null;
    const stale = new Date(now.getTime() - LAST_USED_RESOLUTION_MS);
    if (!key.last_used_at || key.last_used_at <= stale) await noteUse(this.db, key.id, now, stale);
    return key;
  }
}
