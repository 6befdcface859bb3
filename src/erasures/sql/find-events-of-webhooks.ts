import type { Queryable, Statement } from '../../database/database.js';
import { idInstant, lowestId } from '../../database/partitions.js';

/* They were given their ids in one go, by one reading of the clock: within a millisecond, the first one's own first. */
const FIND_EVENTS_OF_WEBHOOKS: Statement = {
  name: 'find-events-of-webhooks',
  text: `
    select e.id
    from unnest($1::uuid[], $2::uuid[]) as w (id, before)
    join events e on e.id >= w.id and e.id < w.before and e.webhook_id = w.id`,
};

/** @returns all events of webhooks, which share what is kept of the request */
export async function findEventsOfWebhooks(db: Queryable, webhookIds: readonly string[]): Promise<string[]> {
  const befores = webhookIds.map((id) => lowestId(new Date(idInstant(id).getTime() + 1)));
  const rows = await db.query<{ id: string }>(FIND_EVENTS_OF_WEBHOOKS, [webhookIds, befores]);
  return rows.map(({ id }) => id);
}
