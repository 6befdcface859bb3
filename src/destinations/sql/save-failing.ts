import type { Queryable, Statement } from '../../database/database.js';
import type { Failing } from '../failing.js';

const SAVE_FAILING: Statement = {
  name: 'save-failing',
  text: `
    insert into failing_destinations (destination_id, since, warned_at, disabled_because)
    values ($1, $2, $3, $4)
    on conflict (destination_id) do update
    set since = excluded.since, warned_at = excluded.warned_at, disabled_because = excluded.disabled_because`,
};

export async function saveFailing(db: Queryable, failing: Failing): Promise<void> {
  const { destination_id: id, since, warned_at: warnedAt, disabled_because: because } = failing;
  await db.query(SAVE_FAILING, [id, since, warnedAt, because]);
}
