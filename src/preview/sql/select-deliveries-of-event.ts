import type { QueryResultRow } from 'pg';
import type { Queryable, Statement } from '../../database/database.js';

/** What became of an event at one destination. */
export interface DeliveryOfEvent extends QueryResultRow {
  id: string;
  /** Null for what a subscriber of the ticket desk got. */
  route_id: string | null;
  destination_id: string;
  state: string;
  reason: string | null;
  channel: string | null;
  topic: string | null;
}

const SELECT_DELIVERIES: Statement = {
  name: 'explain-deliveries',
  text: `
    select id, route_id, destination_id, state, reason, channel, topic
    from deliveries
    where event_id = $1
    order by sequence`,
};

/** @returns them in the order of acceptance, replays included */
export function selectDeliveriesOfEvent(db: Queryable, eventId: string): Promise<DeliveryOfEvent[]> {
  return db.query<DeliveryOfEvent>(SELECT_DELIVERIES, [eventId]);
}
