import type { Queryable, Statement } from '../../database/database.js';
import type { Pause } from '../pause.js';
import { NEVER } from './save-admin-pause.js';

/* What is never probed stands as infinity in the table: pg would make a number of it in place of a date. */
const LIST_PAUSES: Statement = {
  name: 'list-pauses',
  text: `
    select destination_id, channel, reason, detail, settings_hash, since, nullif(next_probe_at, '${NEVER}') as next_probe_at,
           resumed_at
    from pauses
    where destination_id = any ($1::uuid[])
    order by destination_id, channel`,
};

export function listPauses(db: Queryable, destinationIds: readonly string[]): Promise<Pause[]> {
  return db.query<Pause>(LIST_PAUSES, [destinationIds]);
}
