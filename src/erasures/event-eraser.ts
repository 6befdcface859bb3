import { isDeepStrictEqual } from 'node:util';
import { ERASED } from '../changes/refer-to-people.js';
import type { Database, Queryable } from '../database/database.js';
import type { ErasedPerson } from './erased-person.js';
import type { ErasureCounts } from './erasure.dto.js';
import { eraseFromEvent } from './erase-from-event.js';
import { lowestDeliveryId } from './lowest-delivery-id.js';
import { type Findings, ticketName } from './findings.js';
import type { MessageList } from './message-list.js';
import { type ErasedAttempt, eraseAttempts } from './sql/erase-attempts.js';
import { type ErasedDelivery, eraseDeliveries } from './sql/erase-deliveries.js';
import { type ErasedEvent, eraseEvents } from './sql/erase-events.js';
import { eraseWords } from './sql/erase-words.js';
import { type LoggedAttempt, selectAttemptsOfDeliveries } from './sql/select-attempts-of-deliveries.js';
import { type LoggedDelivery, selectDeliveriesOfEvents } from './sql/select-deliveries-of-events.js';
import { type LoggedEvent, selectLoggedEvents } from './sql/select-logged-events.js';

type Counts = Pick<ErasureCounts, 'events' | 'raw_bodies' | 'deliveries' | 'attempts'>;

/** Erases events with all that hangs on them, a few at a time, each time in one commit. */
export class EventEraser {
  readonly counts: Counts = { events: 0, raw_bodies: 0, deliveries: 0, attempts: 0 };

  /** @param isDryRun nothing is written; all else is the same */
  constructor(
    private readonly db: Database,
    private readonly person: ErasedPerson,
    private readonly findings: Findings,
    private readonly messages: MessageList,
    private readonly isDryRun: boolean,
  ) {}

  /** Events that are erased already are left, so that it may be done again. @param ids of events of which nothing is in flight */
  async erase(ids: readonly string[]): Promise<void> {
    // What comes to wait meanwhile, a replay perhaps, is rendered from what is left.
    if (this.isDryRun) await this.eraseIn(this.db, ids);
    else await this.db.transaction((db) => this.eraseIn(db, ids));
  }

  private async eraseIn(db: Queryable, ids: readonly string[]): Promise<void> {
    const events = await selectLoggedEvents(db, ids);
    const changed = events.flatMap((row) => {
      const erased = this.withoutPerson(row);
      const isRaw = row.has_raw_body || row.raw_headers !== null;
      if (isRaw) this.counts.raw_bodies += 1;
      return isRaw || !isDeepStrictEqual(erased, toErased(row)) ? [erased] : [];
    });
    this.counts.events += changed.length;
    if (!this.isDryRun && changed.length > 0) await eraseEvents(db, changed);
    const from = lowestDeliveryId(ids);
    await this.eraseDeliveriesIn(db, ids, from, new Set(changed.map(({ id }) => id)));
    if (!this.isDryRun) await eraseWords(db, ids, from);
  }

  private withoutPerson(row: LoggedEvent): ErasedEvent {
    const { source_id, ticket_key, event } = row;
    const isOwnTicket = ticket_key !== null && this.findings.ownTickets.has(ticketName({ source_id, ticket_key }));
    const erase = (text: string | null): string | null => text && this.person.email.erase(text);
    return {
      id: row.id,
      native_type: erase(row.native_type),
      ticket_key: erase(ticket_key),
      ticket_number: erase(row.ticket_number),
      event: event && eraseFromEvent(event, this.person, isOwnTicket),
      detail: row.detail && this.person.eraseFrom(row.detail),
    };
  }

  private async eraseDeliveriesIn(
    db: Queryable,
    ids: readonly string[],
    from: string,
    changed: ReadonlySet<string>,
  ): Promise<void> {
    const all = await selectDeliveriesOfEvents(db, ids, from);
    const deliveries = all.filter((each) => this.hasEnded(each) && (changed.has(each.event_id) || says(each)));
    if (deliveries.length === 0) return;
    const deliveryIds = deliveries.map(({ id }) => id);
    const attempts = await selectAttemptsOfDeliveries(db, deliveryIds, from);
    const byDelivery = groupByDelivery(attempts);
    for (const delivery of deliveries) this.messages.add(delivery, byDelivery.get(delivery.id) ?? []);
    const own = new Set(deliveryIds);
    const speaking = attempts
      .map((attempt) => this.toErasedAttempt(attempt, own.has(attempt.delivery_id)))
      .filter(({ has_content, has_response }) => has_content || has_response);
    this.counts.deliveries += deliveries.length;
    this.counts.attempts += speaking.length;
    if (this.isDryRun) return;
    await eraseDeliveries(
      db,
      deliveries.map(({ id, ...delivery }) => ({ id, ...this.withoutAddress(delivery) })),
    );
    if (speaking.length > 0) await eraseAttempts(db, speaking);
  }

  /** What waited is cancelled by now; what has come to wait since then is rendered from what is left, by the dispatcher. */
  private hasEnded({ state }: LoggedDelivery): boolean {
    return state !== 'sending' && (this.isDryRun || state !== 'pending');
  }

  /** What a receiver said to another's attempt, which the message was joined to, stays unless it names the person. */
  private toErasedAttempt({ id, has_content, response }: LoggedAttempt, isOwn: boolean): ErasedAttempt {
    return { id, has_content, has_response: response !== null && (isOwn || this.person.isIn(response)) };
  }

  private withoutAddress({ ticket_key, ticket_number, lane }: Omit<LoggedDelivery, 'id'>): Omit<ErasedDelivery, 'id'> {
    const { email } = this.person;
    return {
      ticket_key: ticket_key && email.erase(ticket_key),
      ticket_number: ticket_number && email.erase(ticket_number),
      lane: email.erase(lane),
    };
  }
}

/** @returns whether there is anything to erase */
function says({ topic, content, detail }: LoggedDelivery): boolean {
  return [topic, content, detail].some((text) => text !== null && text !== ERASED);
}

function groupByDelivery(attempts: readonly LoggedAttempt[]): Map<string, LoggedAttempt[]> {
  const groups = new Map<string, LoggedAttempt[]>();
  for (const attempt of attempts) {
    const group = groups.get(attempt.delivery_id);
    if (group) group.push(attempt);
    else groups.set(attempt.delivery_id, [attempt]);
  }
  return groups;
}

function toErased({ id, native_type, ticket_key, ticket_number, event, detail }: LoggedEvent): ErasedEvent {
  return { id, native_type, ticket_key, ticket_number, event, detail };
}
