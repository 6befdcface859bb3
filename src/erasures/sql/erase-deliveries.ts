import { ERASED } from '../../changes/refer-to-people.js';
import type { Queryable, Statement } from '../../database/database.js';

/** A delivery by the ticket that it has from now on. */
export interface ErasedDelivery {
  id: string;
  ticket_key: string | null;
  ticket_number: string | null;
  lane: string;
}

/* What became of it stays: state, times, attempts, message, channel, reason. */
const ERASE_DELIVERIES: Statement = {
  name: 'erase-deliveries',
  text: `
    update deliveries d
    set topic = case when d.topic is not null then $2 end, content = case when d.content is not null then $2 end,
        detail = case when d.detail is not null then $2 end,
        ticket_key = n.ticket_key, ticket_number = n.ticket_number, lane = n.lane
    from jsonb_to_recordset($1::jsonb) as n (id uuid, ticket_key text, ticket_number text, lane text)
    where d.id = n.id and d.id = any ($3::uuid[])`,
};

/** Takes out of deliveries what they say. */
export async function eraseDeliveries(db: Queryable, deliveries: readonly ErasedDelivery[]): Promise<void> {
  await db.query(ERASE_DELIVERIES, [JSON.stringify(deliveries), ERASED, deliveries.map(({ id }) => id)]);
}
