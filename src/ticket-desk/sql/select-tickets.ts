import type { Queryable } from '../../database/database.js';
import type { PagePosition } from '../../http/page.js';
import type { DeskTicketRow } from '../desk-ticket.js';
import { TICKET_COLUMNS } from './ticket-columns.js';

/** @param scope the source whose tickets are listed; null = all */
export function selectTickets(
  db: Queryable,
  { direction, id, limit }: PagePosition,
  scope: string | null,
  status: string | undefined,
): Promise<DeskTicketRow[]> {
  const [beside, order] = direction === 'next' ? ['<', 'desc'] : ['>', 'asc'];
  // Without a name, so that each is planned for the conditions that it really has.
  const text = `
    select ${TICKET_COLUMNS}
    from tickets t
    where ($1::uuid is null or t.id ${beside} $1)
      and ($2::uuid is null or t.source_id = $2)
      and ($3::text is null or t.status = $3)
    order by t.id ${order}
    limit $4`;
  return db.query<DeskTicketRow>({ text }, [id ?? null, scope, status ?? null, limit]);
}
