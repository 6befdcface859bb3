import type { Queryable, Statement } from '../../database/database.js';
import type { DeskTicketRow } from '../desk-ticket.js';
import { TICKET_COLUMNS } from './ticket-columns.js';

const LOCK_TICKET: Statement = {
  name: 'lock-ticket',
  text: `
    select ${TICKET_COLUMNS}
    from tickets t
    where t.id = $1 and ($2::uuid is null or t.source_id = $2)
    for update`,
};

/**
 * Reads a ticket for a change: whoever changes it meanwhile has committed, whoever comes later waits. So its events stand
 * in the log in the order of its changes.
 *
 * @param scope the source that the ticket must belong to; null = any
 */
export async function lockTicket(db: Queryable, id: string, scope: string | null): Promise<DeskTicketRow | undefined> {
  const [row] = await db.query<DeskTicketRow>(LOCK_TICKET, [id, scope]);
  return row;
}
