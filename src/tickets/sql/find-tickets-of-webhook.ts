import type { Database, Statement } from '../../database/database.js';
import type { TicketRow } from '../ticket.js';

const FIND_TICKETS_OF_WEBHOOK: Statement = {
  name: 'find-tickets-of-webhook',
  text: `
    select id, source_id, ticket_key, title, description, category, priority, status, user_id, user_email, metadata, version,
           created_at, updated_at, resolved_at
    from tickets
    where webhook_id = $1
    order by position`,
};

/** @returns the tickets that a webhook opened, as they are now, in the order in which it names them */
export function findTicketsOfWebhook(db: Database, webhookId: string): Promise<TicketRow[]> {
  return db.query<TicketRow>(FIND_TICKETS_OF_WEBHOOK, [webhookId]);
}
