import type { Queryable, Statement } from '../../database/database.js';
import type { DeskTicketRow } from '../desk-ticket.js';
import { TICKET_COLUMNS } from './ticket-columns.js';

const CLOSE_TICKET: Statement = {
  name: 'close-ticket',
  text: `
    update tickets t
    set status = 'closed', version = t.version + 1, updated_at = $2, closed_at = $2
    where t.id = $1
    returning ${TICKET_COLUMNS}`,
};

/** @returns the ticket as it is now; undefined where it is gone */
export async function closeTicket(db: Queryable, id: string, now: Date): Promise<DeskTicketRow | undefined> {
  const [row] = await db.query<DeskTicketRow>(CLOSE_TICKET, [id, now]);
  return row;
}
