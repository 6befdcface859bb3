import type { Database } from '../database/database.js';
import type { ErasedPerson } from './erased-person.js';
import { type Findings, inParts, ticketName } from './findings.js';
import { deleteThread, deleteTopic } from './sql/delete-thread.js';
import type { TicketKey } from './sql/find-events-of-tickets.js';
import {
  findThreadsOfTickets,
  findTopicsOfTickets,
  type TicketThread,
  type TicketTopic,
} from './sql/find-threads-of-tickets.js';

const TICKETS_AT_ONCE = 200;

/** Forgets the topics of a person's tickets, and those that name the person: the next message begins another one. */
export class ThreadEraser {
  constructor(
    private readonly db: Database,
    private readonly person: ErasedPerson,
    private readonly findings: Findings,
    private readonly isDryRun: boolean,
  ) {}

  /**
   * @param isHeld whether a ticket has to be left
   * @returns how many threads
   */
  async erase(isHeld: (ticket: string) => boolean): Promise<number> {
    let count = 0;
    const tickets = this.findings.tickets.all.filter((ticket) => !isHeld(ticketName(ticket)));
    for (const part of inParts(tickets, TICKETS_AT_ONCE)) {
      const threads = (await findThreadsOfTickets(this.db, part)).filter((thread) => this.isThreadOf(thread));
      const topics = (await findTopicsOfTickets(this.db, part)).filter((topic) => this.isTopicOf(topic));
      count += threads.length;
      if (this.isDryRun) continue;
      for (const thread of threads) await deleteThread(this.db, thread);
      for (const topic of topics) await deleteTopic(this.db, topic);
    }
    return count;
  }

  private isThreadOf(thread: TicketThread): boolean {
    return this.isTicketOf(thread) || this.person.isIn(thread.topic);
  }

  /** One that others' tickets write to as well stays, unless it names the person. */
  private isTopicOf(topic: TicketTopic): boolean {
    if (this.person.isIn(topic.topic) || this.person.isIn(topic.name) || this.isNamedByKey(topic)) return true;
    return !topic.is_shared && this.isTicketOf(topic);
  }

  private isTicketOf(ticket: TicketKey): boolean {
    return this.findings.ownTickets.has(ticketName(ticket)) || this.isNamedByKey(ticket);
  }

  private isNamedByKey({ ticket_key: key }: TicketKey): boolean {
    return this.person.email.holds(key);
  }
}
