import type { TicketKey } from './sql/find-events-of-tickets.js';
import type { LoggedEvent } from './sql/select-logged-events.js';

/** An event that says something of a person. Of each so little is kept that there may be a million. */
export interface FoundEvent {
  id: string;
  webhookId: string;
  /** The name of its ticket, see `TicketSet`; null where it has none. */
  ticket: string | null;
}

/** Tickets, by names that tell them apart. */
class TicketSet {
  private readonly tickets = new Map<string, TicketKey>();

  get all(): TicketKey[] {
    return [...this.tickets.values()];
  }

  add(ticket: TicketKey): void {
    this.tickets.set(ticketName(ticket), ticket);
  }

  has(name: string | null): boolean {
    return name !== null && this.tickets.has(name);
  }
}

/** What was found of a person. */
export class Findings {
  readonly events = new Map<string, FoundEvent>();
  /** Those that the person asked for: all of their events are found. */
  readonly ownTickets = new TicketSet();
  /** All that the events are of. */
  readonly tickets = new TicketSet();

  /** @returns whether it is new */
  add({ id, webhook_id: webhookId, source_id, ticket_key }: LoggedEvent): boolean {
    if (this.events.has(id)) return false;
    const key = ticket_key === null ? null : { source_id, ticket_key };
    if (key) this.tickets.add(key);
    this.events.set(id, { id, webhookId, ticket: key && ticketName(key) });
    return true;
  }
}

/** @returns what tells a ticket from all others */
export function ticketName({ source_id, ticket_key }: TicketKey): string {
  return `${source_id}/${ticket_key}`;
}

/** @returns a list in parts of at most so many */
export function* inParts<Item>(items: readonly Item[], most: number): Generator<Item[]> {
  for (let from = 0; from < items.length; from += most) yield items.slice(from, from + most);
}
