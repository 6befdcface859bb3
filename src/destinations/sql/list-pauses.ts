import type { Database, Statement } from '../../database/database.js';
import type { Pause } from '../pause.js';

const LIST_PAUSES: Statement = {
  name: 'list-pauses',
  text: `
    select destination_id, channel, reason, detail, settings_hash, since, next_probe_at, resumed_at
    from pauses
    where destination_id = any ($1::uuid[])
    order by destination_id, channel`,
};

export function listPauses(db: Database, destinationIds: readonly string[]): Promise<Pause[]> {
  return db.query<Pause>(LIST_PAUSES, [destinationIds]);
}
