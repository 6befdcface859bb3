import type { Queryable, Statement } from '../../database/database.js';
import type { DeskTicketRow } from '../desk-ticket.js';
import { TICKET_COLUMNS } from './ticket-columns.js';

/** A ticket as it is now, and what it was opened with. */
export interface OpenedTicketRow extends DeskTicketRow {
  /** Null once the log has forgotten the event. */
  opening_message: string | null;
}

const FIND_OPENED_TICKET: Statement = {
  name: 'find-opened-ticket',
  text: `
    select ${TICKET_COLUMNS}, e.event -> 'message' ->> 'text' as opening_message
    from tickets t
    left join events e on e.id = t.webhook_id
    where t.webhook_id = $1`,
};

/** @param eventId of the event that opened it */
export async function findOpenedTicket(db: Queryable, eventId: string): Promise<OpenedTicketRow | undefined> {
  const [row] = await db.query<OpenedTicketRow>(FIND_OPENED_TICKET, [eventId]);
  return row;
}
