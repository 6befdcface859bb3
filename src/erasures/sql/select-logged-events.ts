import type { Queryable, Statement } from '../../database/database.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';

/** An event as it is stored, without the body that it came as. */
export interface LoggedEvent {
  id: string;
  webhook_id: string;
  source_id: string;
  native_type: string | null;
  ticket_key: string | null;
  ticket_number: string | null;
  event: TicketEventDocument | null;
  detail: string | null;
  raw_headers: Record<string, string> | null;
  has_raw_body: boolean;
}

const SELECT_LOGGED_EVENTS: Statement = {
  name: 'select-logged-events',
  text: `
    select id, webhook_id, source_id, native_type, ticket_key, ticket_number, event, detail, raw_headers,
           raw_body is not null as has_raw_body
    from events
    where id = any ($1::uuid[])
    order by id`,
};

export function selectLoggedEvents(db: Queryable, ids: readonly string[]): Promise<LoggedEvent[]> {
  return db.query<LoggedEvent>(SELECT_LOGGED_EVENTS, [ids]);
}
