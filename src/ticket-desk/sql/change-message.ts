import type { Queryable, Statement } from '../../database/database.js';
import type { DeskTicketRow } from '../desk-ticket.js';
import { TICKET_COLUMNS } from './ticket-columns.js';

const CHANGE_MESSAGE: Statement = {
  name: 'change-message',
  text: `
    update tickets t
    set description = $2, version = t.version + 1, updated_at = $3
    where t.id = $1
    returning ${TICKET_COLUMNS}`,
};

/** @returns the ticket as it is now; undefined where it is gone */
export async function changeMessage(
  db: Queryable,
  id: string,
  message: string,
  now: Date,
): Promise<DeskTicketRow | undefined> {
  const [row] = await db.query<DeskTicketRow>(CHANGE_MESSAGE, [id, message, now]);
  return row;
}
