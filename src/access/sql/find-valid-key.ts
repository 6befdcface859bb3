import type { Database, Statement } from '../../database/database.js';
import type { ApiRole } from '../../http/required-role.js';

/** As much of a key as a request needs. */
export interface ValidKey {
  id: string;
  role: ApiRole;
  source_id: string | null;
  last_used_at: Date | null;
  expires_at: Date | null;
}

const FIND_VALID_KEY: Statement = {
  name: 'find-valid-key',
  text: `
    select id, role, source_id, last_used_at, expires_at
    from api_keys
    where key_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)`,
};

/** @returns null for a key that is unknown, revoked or expired */
export async function findValidKey(db: Database, keyHash: Buffer, now: Date): Promise<ValidKey | null> {
  const [key] = await db.query<{ [Column in keyof ValidKey]: ValidKey[Column] }>(FIND_VALID_KEY, [keyHash, now]);
  return key ?? null;
}
