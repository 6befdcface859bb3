import type { Queryable } from '../../database/database.js';
import type { DeliveryState } from '../../deliveries/delivery.js';
import { deliveryFacets } from '../delivery-conditions.js';
import { leadOfDeliveries } from '../lead.js';
import type { DeliveryFilter } from '../log-query.dto.js';
import type { LogTable } from '../log-table.js';

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
  replay_of: string | null;
  replayed_by: string | null;
}

const COLUMNS = `
  d.id, d.event_id, d.route_id, d.destination_id, d.state, d.attempts, d.next_attempt_at, d.channel, d.topic, d.content,
  d.message_id, d.reason, d.detail, d.created_at, d.finished_at, d.replay_of,
  d.replayed_by`;

/** How deliveries are read in pages. */
export const DELIVERIES: LogTable<DeliveryFilter> = {
  row: 'd',
  from: 'deliveries d',
  columns: COLUMNS,
  facets: deliveryFacets,
  lead: leadOfDeliveries,
  words: 'delivery_words',
  hasWords: `exists (select from delivery_words w where w.id = d.id and w.words @@ QUESTION)
    or (d.detail is not null and deskwire_words(d.detail) @@ QUESTION)
    or (d.id >= MARK and exists (
      select from events ev where ev.id = d.event_id and deskwire_words(deskwire_event_text(ev.event)) @@ QUESTION))`,
  otherWords: [
    { find: 'select x.id from deliveries x where x.detail is not null and deskwire_words(x.detail) @@ QUESTION' },
    {
      find: `select x.id from deliveries x join events ev on ev.id = x.event_id
             where deskwire_words(deskwire_event_text(ev.event)) @@ QUESTION`,
      isLate: true,
    },
  ],
};

export async function selectDelivery(db: Queryable, id: string): Promise<DeliveryRow | undefined> {
  const text = `select ${COLUMNS} from deliveries d where d.id = $1`;
  const [row] = await db.query<DeliveryRow>({ name: 'select-delivery', text }, [id]);
  return row;
}

/** In the order in which they were made, that is, of the routes. */
export function selectDeliveriesOfEvent(db: Queryable, eventId: string): Promise<DeliveryRow[]> {
  const text = `select ${COLUMNS} from deliveries d where d.event_id = $1 order by d.sequence`;
  return db.query<DeliveryRow>({ name: 'select-deliveries-of-event', text }, [eventId]);
}
