import type { Database } from '../../database/database.js';
import type { DeliveryState } from '../../deliveries/delivery.js';
import type { PagePosition } from '../../http/page.js';
import type { DeliveriesQuery } from '../log-query.dto.js';
import { deliveryConditions } from '../delivery-conditions.js';
import { pageOrder } from '../where-clause.js';

/** A delivery as it is stored. */
export interface DeliveryRow {
  id: string;
  event_id: string;
  /** Null for a subscriber's. */
  route_id: string | null;
  destination_id: string;
  state: DeliveryState;
  attempts: number;
  next_attempt_at: Date | null;
  channel: string | null;
  topic: string | null;
  content: string | null;
  /** bigint, which the driver hands over as text. */
  message_id: string | null;
  reason: string | null;
  detail: string | null;
  created_at: Date;
  finished_at: Date | null;
}

const COLUMNS = `
  d.id, d.event_id, d.route_id, d.destination_id, d.state, d.attempts, d.next_attempt_at, d.channel, d.topic, d.content,
  d.message_id, d.reason, d.detail, d.created_at, d.finished_at`;

export function selectDeliveries(db: Database, query: DeliveriesQuery, position: PagePosition): Promise<DeliveryRow[]> {
  const where = deliveryConditions(query).page('d.id', position);
  const text = `
    select ${COLUMNS}
    from deliveries d
    where ${where.sql}
    ${pageOrder('d.id', position)}`;
  return db.query<DeliveryRow>({ text }, where.values);
}

export async function selectDelivery(db: Database, id: string): Promise<DeliveryRow | undefined> {
  const text = `select ${COLUMNS} from deliveries d where d.id = $1`;
  const [row] = await db.query<DeliveryRow>({ name: 'select-delivery', text }, [id]);
  return row;
}

/** In the order in which they were made, that is, of the routes. */
export function selectDeliveriesOfEvent(db: Database, eventId: string): Promise<DeliveryRow[]> {
  const text = `select ${COLUMNS} from deliveries d where d.event_id = $1 order by d.sequence`;
  return db.query<DeliveryRow>({ name: 'select-deliveries-of-event', text }, [eventId]);
}
