import type { Queryable, Statement } from '../../database/database.js';
import type { StoredTicket } from './select-stored-tickets.js';

const ERASE_STORED_TICKET: Statement = {
  name: 'erase-stored-ticket',
  text: `
    update tickets
    set ticket_key = $2, title = $3, description = $4, category = $5, user_id = $6, user_email = $7,
        metadata = $8::jsonb, version = version + 1
    where id = $1`,
};

/** Writes what is left of a ticket of the built-in store. */
export async function eraseStoredTicket(db: Queryable, ticket: StoredTicket): Promise<void> {
  const { id, ticket_key, title, description, category, user_id, user_email, metadata } = ticket;
  const values = [id, ticket_key, title, description, category, user_id, user_email, JSON.stringify(metadata)];
  await db.query(ERASE_STORED_TICKET, values);
}
