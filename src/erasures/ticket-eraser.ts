import { ERASED } from '../changes/refer-to-people.js';
import type { Database } from '../database/database.js';
import type { ErasedPerson } from './erased-person.js';
import { eraseStrings, someString } from './erase-strings.js';
import { type Findings, inParts, ticketName } from './findings.js';
import type { PersonFinder } from './person-finder.js';
import { eraseStoredTicket } from './sql/erase-stored-ticket.js';
import {
  findCandidateTickets,
  findOpenedTickets,
  lockStoredTicket,
  type StoredTicket,
} from './sql/select-stored-tickets.js';

const WEBHOOKS_AT_ONCE = 200;

/** Takes a person out of the tickets of the built-in store. */
export class TicketEraser {
  constructor(
    private readonly db: Database,
    private readonly person: ErasedPerson,
    private readonly findings: Findings,
    private readonly isDryRun: boolean,
  ) {}

  /**
   * @param finder goes through the store
   * @param webhookIds whose tickets may be the person's although they do not say so
   * @returns how many tickets
   */
  async erase(finder: PersonFinder, webhookIds: readonly string[]): Promise<number> {
    const ids = new Set<string>();
    const look = (id: string, limit: number): ReturnType<typeof findCandidateTickets> =>
      findCandidateTickets(this.db, this.person.email, id, limit);
    await finder.walk(look, (candidates) => {
      for (const id of candidates) ids.add(id);
      return Promise.resolve();
    });
    for (const part of inParts(webhookIds, WEBHOOKS_AT_ONCE)) {
      for (const id of await findOpenedTickets(this.db, part)) ids.add(id);
    }
    let count = 0;
    for (const id of ids) if (await this.eraseTicket(id)) count += 1;
    return count;
  }

  private eraseTicket(id: string): Promise<boolean> {
    return this.db.transaction(async (db) => {
      const ticket = await lockStoredTicket(db, id);
      const erased = ticket && this.withoutPerson(ticket);
      if (!erased) return false;
      if (!this.isDryRun) await eraseStoredTicket(db, erased);
      return true;
    });
  }

  /** @returns undefined where nothing of it is the person's */
  private withoutPerson(ticket: StoredTicket): StoredTicket | undefined {
    const { email } = this.person;
    const isOwn = email.holds(ticket.user_email) || this.findings.ownTickets.has(ticketName(ticket));
    const isBlank = ticket.title === ERASED && ticket.description === ERASED && ticket.user_email === '';
    const plain = { ticket_key: email.erase(ticket.ticket_key), category: email.erase(ticket.category) };
    // Empty where nobody is named.
    const nobody = { title: ERASED, description: ERASED, user_id: '', user_email: '', metadata: {} };
    if (isOwn && !isBlank) return { ...ticket, ...nobody, ...plain };
    if (!someString(ticket, (text) => email.holds(text))) return undefined;
    return { ...eraseStrings(ticket, (text) => this.person.eraseFrom(text)), ...plain };
  }
}
