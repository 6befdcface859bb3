import type { Queryable, Statement } from '../../database/database.js';

/** What identifies a ticket in the log. */
export interface TicketKey {
  source_id: string;
  ticket_key: string;
}

/* By the index of tickets (events_ticket). */
const FIND_EVENTS_OF_TICKETS: Statement = {
  name: 'find-events-of-tickets',
  text: `
    select e.id
    from unnest($1::uuid[], $2::text[]) as k (source_id, ticket_key)
    join events e on e.ticket_key = k.ticket_key and e.source_id = k.source_id`,
};

export async function findEventsOfTickets(db: Queryable, tickets: readonly TicketKey[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(FIND_EVENTS_OF_TICKETS, [
    tickets.map((ticket) => ticket.source_id),
    tickets.map((ticket) => ticket.ticket_key),
  ]);
  return rows.map(({ id }) => id);
}
