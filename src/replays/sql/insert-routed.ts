import type { Queryable, Statement } from '../../database/database.js';
import { FIRST_LATE_SEQUENCE } from '../../deliveries/delivery.js';
import { deliveryRow } from '../../intake/make-deliveries.js';
import type { NewDelivery } from '../../intake/webhook-record.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';

/** An event, and what the routes make of it now. */
export interface RoutedEvent {
  id: string;
  sourceId: string;
  document: TicketEventDocument;
  /** At least one. */
  deliveries: NewDelivery[];
}

/* One statement, so that an event never says that it matched without what was made of it. */
const INSERT_ROUTED: Statement = {
  name: 'insert-routed',
  text: `
    with matched as (
      update events e
      set matched = true, route_revision = $5
      where e.id = any ($1::uuid[])
    )
    insert into deliveries (id, event_id, source_id, route_id, destination_id, type, ticket_key, ticket_number, lane,
                            sequence, has_sibling, state, next_attempt_at, created_at, replayed_by)
    select d.id, d.event_id, d.source_id, d.route_id, d.destination_id, d.type, d.ticket_key, d.ticket_number, d.lane,
           $6::bigint + nextval('delivery_sequence'), d.has_sibling, 'pending', $3, $3, $4
    from (
      select d.*
      from jsonb_to_recordset($2::jsonb) as d (position int, id uuid, event_id uuid, source_id uuid, route_id uuid,
             destination_id uuid, type text, ticket_key text, ticket_number text, lane text, has_sibling boolean)
      order by d.position
    ) d`,
};

/** Writes what routing events again comes to. @param keyId whose key asked for it */
export async function insertRouted(
  db: Queryable,
  events: readonly RoutedEvent[],
  at: Date,
  keyId: string | null,
  revisionId: string | null,
): Promise<void> {
  const rows = events
    .flatMap(({ sourceId, document, deliveries }) => deliveries.map((each) => deliveryRow(sourceId, document, each)))
    .map((row, position) => ({ position, ...row }));
  const ids = events.map(({ id }) => id);
  await db.query(INSERT_ROUTED, [ids, JSON.stringify(rows), at, keyId, revisionId, FIRST_LATE_SEQUENCE]);
}
