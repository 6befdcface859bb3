import type { Database, Statement } from '../../database/database.js';

/*
 * Of many requests at once one writes: the others find it written, or the row locked. Nobody waits for whoever changes
 * the key just now; it is noted a moment later then.
 */
const NOTE_USE: Statement = {
  name: 'note-use',
  text: `
  update api_keys
  set last_used_at = $2
  where id in (
    select id
    from api_keys
    where id = $1 and (last_used_at is null or last_used_at <= $3)
    for no key update skip locked)`,
};

/** Notes that a key was used, unless that was noted after `unlessSince`. */
export async function noteUse(db: Database, id: string, now: Date, unlessSince: Date): Promise<void> {
  await db.query(NOTE_USE, [id, now, unlessSince]);
}
