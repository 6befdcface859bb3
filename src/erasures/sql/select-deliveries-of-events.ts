import type { Queryable, Statement } from '../../database/database.js';
import type { DeliveryState } from '../../deliveries/delivery.js';

/** A delivery of an event that is erased: what is left of it, and what it says. */
export interface LoggedDelivery {
  id: string;
  event_id: string;
  destination_id: string;
  state: DeliveryState;
  channel: string | null;
  message_id: string | null;
  ticket_key: string | null;
  ticket_number: string | null;
  lane: string;
  topic: string | null;
  content: string | null;
  detail: string | null;
}

const SELECT_DELIVERIES_OF_EVENTS: Statement = {
  name: 'select-logged-deliveries-of-events',
  text: `
    select id, event_id, destination_id, state, channel, message_id, ticket_key, ticket_number, lane, topic, content, detail
    from deliveries
    where event_id = any ($1::uuid[]) and id >= $2
    order by id`,
};

/** Replays too. @param from the lowest id that any of them can have */
export function selectDeliveriesOfEvents(
  db: Queryable,
  eventIds: readonly string[],
  from: string,
): Promise<LoggedDelivery[]> {
  return db.query<LoggedDelivery>(SELECT_DELIVERIES_OF_EVENTS, [eventIds, from]);
}
