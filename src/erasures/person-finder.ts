import type { Clock } from '../clock/clock.js';
import type { Queryable } from '../database/database.js';
import { decodeText } from '../intake/decode-text.js';
import { readMediaType } from '../intake/read-media-type.js';
import type { ErasedPerson } from './erased-person.js';
import { someString } from './erase-strings.js';
import { Findings, inParts } from './findings.js';
import { findCandidateDeliveries } from './sql/find-candidate-deliveries.js';
import { findCandidateEvents, type LookedAt } from './sql/find-candidate-events.js';
import { findEventsOfTickets } from './sql/find-events-of-tickets.js';
import { findEventsOfWebhooks } from './sql/find-events-of-webhooks.js';
import { findWaitingEvents, type QueuePlace } from './sql/find-waiting-events.js';
import { type LoggedEvent, selectLoggedEvents } from './sql/select-logged-events.js';
import { selectRawBody } from './sql/select-raw-body.js';
import { StepSize } from './step-size.js';

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const QUEUE_START: QueuePlace = { destinationId: LOWEST_ID, sequence: '-1' };
/** Documents may have a hundred kilobytes each. */
const DOCUMENTS_AT_ONCE = 50;
const KEYS_AT_ONCE = 200;

/** Finds all that the log holds of a person, step by step; learns on the way what they are called. Only reads. */
export class PersonFinder {
  readonly findings = new Findings();
  private readonly judged = new Set<string>();

  /** @param onStep called before each step; what it throws ends the search */
  constructor(
    private readonly db: Queryable,
    private readonly clock: Clock,
    private readonly person: ErasedPerson,
    private readonly onStep: () => void,
  ) {}

  /** Looks first where it is urgent: at what waits to be sent. */
  async lookAtQueue(): Promise<void> {
    const size = new StepSize(this.clock);
    for (let place: QueuePlace | null = QUEUE_START; place;) {
      const from: QueuePlace = place;
      this.onStep();
      const found = await size.measure((limit) => findWaitingEvents(this.db, this.person.email, from, limit));
      await this.judge(found.candidates);
      place = found.next;
    }
  }

  /**
   * Looks at the whole log, oldest first: at every event and the request that it came as, at every delivery, at the other
   * events of the person's tickets, and of the webhooks that all of these came in.
   */
  async lookAtLog(): Promise<void> {
    await this.walk(
      (id, limit) => findCandidateEvents(this.db, this.person.email, id, limit),
      (candidates) => this.judge(candidates),
    );
    await this.walk(
      (id, limit) => findCandidateDeliveries(this.db, this.person.email, id, limit),
      async (candidates) => {
        const said = candidates.filter((delivery) => someString(delivery, (text) => this.person.email.holds(text)));
        await this.add(said.map((delivery) => delivery.event_id));
      },
    );
    for (const tickets of inParts(this.findings.ownTickets.all, KEYS_AT_ONCE)) {
      this.onStep();
      await this.add(await findEventsOfTickets(this.db, tickets));
    }
    const webhooks = new Set([...this.findings.events.values()].map(({ webhookId }) => webhookId));
    for (const ids of inParts([...webhooks], KEYS_AT_ONCE)) {
      this.onStep();
      await this.add(await findEventsOfWebhooks(this.db, ids));
    }
  }

  /** Goes through a table by primary key; rows that are added meanwhile are looked at as well. */
  async walk<Candidate>(
    look: (id: string, limit: number) => Promise<LookedAt<Candidate>>,
    take: (candidates: Candidate[]) => Promise<void>,
  ): Promise<void> {
    const size = new StepSize(this.clock);
    for (let id: string | null = LOWEST_ID; id !== null;) {
      const from: string = id;
      this.onStep();
      const { last, candidates } = await size.measure((limit) => look(from, limit));
      await take(candidates);
      id = last;
    }
  }

  private async judge(ids: readonly string[]): Promise<void> {
    const unknown = ids.filter((id) => !this.judged.has(id));
    for (const part of inParts(unknown, DOCUMENTS_AT_ONCE)) {
      for (const row of await selectLoggedEvents(this.db, part)) {
        this.judged.add(row.id);
        if (await this.isOfPerson(row)) this.take(row);
      }
    }
  }

  /** Adds events that are the person's whatever they hold. */
  private async add(ids: readonly string[]): Promise<void> {
    const unknown = ids.filter((id) => !this.findings.events.has(id));
    for (const part of inParts(unknown, DOCUMENTS_AT_ONCE)) {
      for (const row of await selectLoggedEvents(this.db, part)) this.take(row);
    }
  }

  private take(row: LoggedEvent): void {
    const { event, source_id, ticket_key } = row;
    if (event) {
      this.person.learn(event);
      if (ticket_key !== null && this.person.isTicketOf(event)) this.findings.ownTickets.add({ source_id, ticket_key });
    }
    this.findings.add(row);
  }

  private async isOfPerson(row: LoggedEvent): Promise<boolean> {
    const { email } = this.person;
    const said = [row.event, row.detail, row.native_type, row.raw_headers];
    if (someString(said, (text) => email.holds(text))) return true;
    const body = row.has_raw_body ? await selectRawBody(this.db, row.id) : null;
    if (!body) return false;
    const { charset } = readMediaType(row.raw_headers?.['content-type']);
    const text = decodeText(body, charset);
    return email.holds(text) || email.holds(body.toString('utf8'));
  }
}
