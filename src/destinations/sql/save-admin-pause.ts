import type { Queryable, Statement } from '../../database/database.js';

/** When it is probed; a time that is one for older versions, too. */
export const NEVER = '9999-01-01T00:00:00Z';

/* Takes the place of whatever pauses the whole destination; those of its channels stay beside it. */
const SAVE_ADMIN_PAUSE: Statement = {
  name: 'save-admin-pause',
  text: `
    insert into pauses (destination_id, channel, reason, detail, settings_hash, since, next_probe_at)
    values ($1, '', 'paused', $2, $4, $3, $5)
    on conflict (destination_id, channel) do update
    set reason = excluded.reason, detail = excluded.detail, settings_hash = excluded.settings_hash,
        since = excluded.since, next_probe_at = excluded.next_probe_at, resumed_at = null`,
};

/** Begins a pause that an admin alone ends. @param settingsHash so that an older version, too, lets it be */
export async function saveAdminPause(
  db: Queryable,
  destinationId: string,
  detail: string | null,
  settingsHash: string,
  now: Date,
): Promise<void> {
  await db.query(SAVE_ADMIN_PAUSE, [destinationId, detail, now, settingsHash, NEVER]);
}
