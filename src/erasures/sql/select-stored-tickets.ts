import type { Queryable, Statement } from '../../database/database.js';
import type { EmailPattern } from '../email-pattern.js';
import type { LookedAt } from './find-candidate-events.js';
import { emailValues, holdsEmail } from './holds-email.js';

/** What a ticket of the built-in store says. */
export interface StoredTicket {
  id: string;
  source_id: string;
  ticket_key: string;
  title: string;
  description: string;
  category: string;
  user_id: string;
  user_email: string;
  metadata: Record<string, unknown>;
}

const TEXT = `concat_ws(' ', t.ticket_key, t.title, t.description, t.category, t.user_id, t.user_email, t.metadata::text)`;

/* The next so many rows by primary key, as of the events. */
const FIND_CANDIDATE_TICKETS: Statement = {
  name: 'find-candidate-tickets',
  text: `
    with t as materialized (
      select id, ticket_key, title, description, category, user_id, user_email, metadata
      from tickets
      where id > $1
      order by id
      limit $2
    )
    select (select id from t order by id desc limit 1) as last, (select count(*)::int from t) as count,
           array(select id from t where ${holdsEmail(TEXT, ['$3', '$4', '$5'])}) as candidates`,
};

const FIND_OPENED_TICKETS: Statement = {
  name: 'find-opened-tickets',
  text: 'select id from tickets where webhook_id = any ($1::uuid[])',
};

const LOCK_STORED_TICKETS: Statement = {
  name: 'lock-stored-tickets',
  text: `
    select id, source_id, ticket_key, title, description, category, user_id, user_email, metadata
    from tickets
    where id = $1
    for update`,
};

/** @returns which of the tickets after `id` may hold the address */
export async function findCandidateTickets(
  db: Queryable,
  email: EmailPattern,
  id: string,
  limit: number,
): Promise<LookedAt> {
  const [row] = await db.query<LookedAt>(FIND_CANDIDATE_TICKETS, [id, limit, ...emailValues(email)]);
  return row ?? { last: null, count: 0, candidates: [] };
}

/** @returns the tickets that webhooks opened */
export async function findOpenedTickets(db: Queryable, webhookIds: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(FIND_OPENED_TICKETS, [webhookIds]);
  return rows.map(({ id }) => id);
}

/** Reads a ticket for a change: whoever changes it meanwhile has committed, whoever comes later waits. */
export async function lockStoredTicket(db: Queryable, id: string): Promise<StoredTicket | undefined> {
  const [row] = await db.query<StoredTicket>(LOCK_STORED_TICKETS, [id]);
  return row;
}
