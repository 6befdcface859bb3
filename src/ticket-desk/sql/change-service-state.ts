import type { Queryable, Statement } from '../../database/database.js';

/** A service that was never said to be unavailable has no row: it is available. */
const CHANGE_SERVICE_STATE: Statement = {
  name: 'change-service-state',
  text: `
    insert into service_states as state (source_id, available, changed_at)
    select $1::uuid, $2::boolean, $3::timestamptz
    where not $2::boolean or exists (select from service_states where source_id = $1)
    on conflict (source_id) do update
    set available = excluded.available, changed_at = excluded.changed_at
    where state.available <> excluded.available
    returning 1`,
};

/** @returns whether it was otherwise before; of several at once, one changes it */
export async function changeServiceState(
  db: Queryable,
  sourceId: string,
  available: boolean,
  now: Date,
): Promise<boolean> {
  const rows = await db.query(CHANGE_SERVICE_STATE, [sourceId, available, now]);
  return rows.length > 0;
}
