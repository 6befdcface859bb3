import type { Queryable, Statement } from '../../database/database.js';
import type { DeskTicketRow } from '../desk-ticket.js';
import { TICKET_COLUMNS } from './ticket-columns.js';

const FIND_TICKET: Statement = {
  name: 'find-ticket',
  text: `select ${TICKET_COLUMNS} from tickets t where t.id = $1 and ($2::uuid is null or t.source_id = $2)`,
};

/** @param scope the source that the ticket must belong to; null = any */
export async function findTicket(db: Queryable, id: string, scope: string | null): Promise<DeskTicketRow | undefined> {
  const [row] = await db.query<DeskTicketRow>(FIND_TICKET, [id, scope]);
  return row;
}
