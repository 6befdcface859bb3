import type { Queryable } from '../database/database.js';
import { type Findings, type FoundEvent, inParts } from './findings.js';
import { lowestDeliveryId } from './lowest-delivery-id.js';
import { findInFlight } from './sql/find-in-flight.js';

const EVENTS_AT_ONCE = 200;

/**
 * Knows of which found events something is in flight. They are left, with all that leads to them: the other events of
 * their webhooks and tickets. So the next search finds them again.
 */
export class FlightBook {
  /** Deliveries in flight. */
  count = 0;
  private readonly webhooks = new Set<string>();
  private readonly tickets = new Set<string>();

  /** @param isDryRun what waits would be cancelled, and counts as if it were */
  static async read(db: Queryable, { events }: Findings, isDryRun: boolean, onStep: () => void): Promise<FlightBook> {
    const book = new FlightBook();
    for (const ids of inParts([...events.keys()], EVENTS_AT_ONCE)) {
      onStep();
      for (const { event_id: id } of await findInFlight(db, ids, lowestDeliveryId(ids), isDryRun)) {
        book.count += 1;
        book.hold(events.get(id));
      }
    }
    return book;
  }

  isTicketHeld(ticket: string | null): boolean {
    return ticket !== null && this.tickets.has(ticket);
  }

  isHeld({ webhookId, ticket }: FoundEvent): boolean {
    return this.webhooks.has(webhookId) || this.isTicketHeld(ticket);
  }

  private hold(event: FoundEvent | undefined): void {
    if (!event) return;
    this.webhooks.add(event.webhookId);
    if (event.ticket !== null) this.tickets.add(event.ticket);
  }
}
