import type { Queryable, Statement } from '../../database/database.js';

/* Takes the place of whatever pauses the whole destination; those of its channels stay beside it. */
const SAVE_ADMIN_PAUSE: Statement = {
  name: 'save-admin-pause',
  text: `
    insert into pauses (destination_id, channel, reason, detail, settings_hash, since, next_probe_at)
    values ($1, '', 'paused', $2, '', $3, 'infinity')
    on conflict (destination_id, channel) do update
    set reason = excluded.reason, detail = excluded.detail, settings_hash = excluded.settings_hash,
        since = excluded.since, next_probe_at = excluded.next_probe_at, resumed_at = null`,
};

/** Begins a pause that an admin alone ends. */
export async function saveAdminPause(
  db: Queryable,
  destinationId: string,
  detail: string | null,
  now: Date,
): Promise<void> {
  await db.query(SAVE_ADMIN_PAUSE, [destinationId, detail, now]);
}
