import type { Queryable, Statement } from '../../database/database.js';
import type { TicketKey } from './find-events-of-tickets.js';

export interface TicketThread extends TicketKey {
  destination_id: string;
  channel: string;
  template: string;
  topic: string;
}

export interface TicketTopic extends TicketKey {
  receiver: string;
  channel: string;
  topic: string;
  name: string;
  is_shared: boolean;
}

/* By an index of their own (threads_ticket, topics_ticket). */
const FIND_THREADS_OF_TICKETS: Statement = {
  name: 'find-threads-of-tickets',
  text: `
    select t.destination_id, t.channel, t.source_id, t.ticket_key, t.template, t.topic
    from unnest($1::uuid[], $2::text[]) as k (source_id, ticket_key)
    join threads t on t.ticket_key = k.ticket_key and t.source_id = k.source_id`,
};

const FIND_TOPICS_OF_TICKETS: Statement = {
  name: 'find-topics-of-tickets',
  text: `
    select t.receiver, t.channel, t.topic, t.name, t.source_id, t.ticket_key, t.is_shared
    from unnest($1::uuid[], $2::text[]) as k (source_id, ticket_key)
    join topics t on t.ticket_key = k.ticket_key and t.source_id = k.source_id`,
};

export function findThreadsOfTickets(db: Queryable, tickets: readonly TicketKey[]): Promise<TicketThread[]> {
  return db.query<TicketThread>(FIND_THREADS_OF_TICKETS, keysOf(tickets));
}

/** @returns the topics that the tickets were the first to write to */
export function findTopicsOfTickets(db: Queryable, tickets: readonly TicketKey[]): Promise<TicketTopic[]> {
  return db.query<TicketTopic>(FIND_TOPICS_OF_TICKETS, keysOf(tickets));
}

function keysOf(tickets: readonly TicketKey[]): unknown[] {
  return [tickets.map((ticket) => ticket.source_id), tickets.map((ticket) => ticket.ticket_key)];
}
