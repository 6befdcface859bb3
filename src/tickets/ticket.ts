import type { NewTicket, NormalPriority } from '../ticket-event/ticket-event.js';

/** What a ticket of the built-in store is called before anybody has worked on it. */
const FIRST_STATUS = 'new';

/** A ticket that a webhook opens, with the id that intake gave it. */
export interface OpenedTicket extends NewTicket {
  /** UUIDv7. */
  id: string;
}

/** A ticket of the built-in store as the database has it. */
export interface TicketRow {
  id: string;
  source_id: string;
  /** The key of its events. */
  ticket_key: string;
  title: string;
  description: string;
  category: string;
  priority: NormalPriority;
  status: string;
  user_id: string;
  user_email: string;
  metadata: Record<string, unknown>;
  version: number;
  created_at: Date;
  updated_at: Date;
  resolved_at: Date | null;
}

/** @returns the row that a new ticket becomes */
export function newTicketRow({ id, key, title, ...ticket }: OpenedTicket, sourceId: string, now: Date): TicketRow {
  const { description, category, priority, userId, userEmail, metadata } = ticket;
  return {
    id,
    source_id: sourceId,
    ticket_key: key ?? id,
    title,
    description,
    category,
    priority,
    status: FIRST_STATUS,
    user_id: userId,
    user_email: userEmail,
    metadata,
    version: 1,
    created_at: now,
    updated_at: now,
    resolved_at: null,
  };
}
