import type { Queryable, Statement } from '../../database/database.js';
import type { Pause } from '../pause.js';

/*
 * A pause that was resumed meanwhile begins anew; one that goes on keeps its beginning. An admin's stays, whatever is found
 * meanwhile: its owner may not have heard of it yet.
 */
const SAVE_PAUSE: Statement = {
  name: 'save-pause',
  text: `
    insert into pauses as known (destination_id, channel, reason, detail, settings_hash, since, next_probe_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (destination_id, channel) do update
    set reason = excluded.reason, detail = excluded.detail, settings_hash = excluded.settings_hash,
        since = case when known.resumed_at is null and known.reason = excluded.reason then known.since else excluded.since end,
        next_probe_at = excluded.next_probe_at, resumed_at = null
    where known.reason <> 'paused' or known.resumed_at is not null`,
};

/** Writes a pause that was found to be needed, or what has become of it. */
export async function savePause(db: Queryable, pause: Pause & { next_probe_at: Date }): Promise<void> {
  await db.query(SAVE_PAUSE, [
    pause.destination_id,
    pause.channel,
    pause.reason,
    pause.detail,
    pause.settings_hash,
    pause.since,
    pause.next_probe_at,
  ]);
}
