import type { Queryable, Statement } from '../../database/database.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';

/** What is left of an event. */
export interface ErasedEvent {
  id: string;
  native_type: string | null;
  ticket_key: string | null;
  ticket_number: string | null;
  event: TicketEventDocument | null;
  detail: string | null;
}

const ERASE_EVENTS: Statement = {
  name: 'erase-events',
  text: `
    update events e
    set native_type = n.native_type, ticket_key = n.ticket_key, ticket_number = n.ticket_number, event = n.event,
        detail = n.detail, raw_headers = null, raw_body = null
    from jsonb_to_recordset($1::jsonb) as n (id uuid, native_type text, ticket_key text, ticket_number text, event jsonb,
         detail text)
    where e.id = n.id and e.id = any ($2::uuid[])`,
};

/** Writes what is left of events, without what they came as. */
export async function eraseEvents(db: Queryable, events: readonly ErasedEvent[]): Promise<void> {
  await db.query(ERASE_EVENTS, [JSON.stringify(events), events.map(({ id }) => id)]);
}
