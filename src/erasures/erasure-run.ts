import type { Clock } from '../clock/clock.js';
import type { Database } from '../database/database.js';
import { ErasedPerson } from './erased-person.js';
import type { ErasureCounts, ErasureView } from './erasure.dto.js';
import { eraseFromAnswers } from './erase-from-answers.js';
import { EventEraser } from './event-eraser.js';
import { inParts } from './findings.js';
import { FlightBook } from './flight-book.js';
import { lowestDeliveryId } from './lowest-delivery-id.js';
import { MessageList } from './message-list.js';
import { PersonFinder } from './person-finder.js';
import { blankPeople } from './sql/blank-people.js';
import { cancelWaiting } from './sql/cancel-waiting.js';
import { eraseWords, findWordsMark } from './sql/erase-words.js';
import { selectDestinationNames } from './sql/select-destination-names.js';
import { ThreadEraser } from './thread-eraser.js';
import { TicketEraser } from './ticket-eraser.js';

/** In one commit. */
const EVENTS_AT_ONCE = 100;

/** One erasure, from the search to the list of what has gone out. Each step is a commit of its own, and may be done again. */
export class ErasureRun {
  readonly counts: ErasureCounts = {
    events: 0,
    raw_bodies: 0,
    deliveries: 0,
    attempts: 0,
    threads: 0,
    tickets: 0,
    changes: 0,
    cancelled: 0,
    in_flight: 0,
  };
  private readonly person: ErasedPerson;
  private readonly finder: PersonFinder;
  private readonly messages = new MessageList();

  /** @param onStep called before each step; what it throws ends the run */
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    email: string,
    private readonly isDryRun: boolean,
    private readonly onStep: () => void,
  ) {
    this.person = new ErasedPerson(email);
    this.finder = new PersonFinder(db, clock, this.person, onStep);
  }

  async run(): Promise<ErasureView> {
    // First of all: nothing is to be rendered of what is left.
    await this.finder.lookAtQueue();
    if (!this.isDryRun) await this.cancel();
    await this.finder.lookAtLog();
    await this.cancel();
    const flights = await FlightBook.read(this.db, this.finder.findings, this.isDryRun, this.onStep);
    this.counts.in_flight = flights.count;
    await this.eraseLog(flights);
    await this.eraseOthers(flights);
    return this.view();
  }

  private async cancel(): Promise<void> {
    for (const ids of inParts([...this.finder.findings.events.keys()], EVENTS_AT_ONCE)) {
      this.onStep();
      const now = this.clock.now();
      this.counts.cancelled += await cancelWaiting(this.db, ids, lowestDeliveryId(ids), now, this.isDryRun);
    }
  }

  private async eraseLog(flights: FlightBook): Promise<void> {
    const { findings } = this.finder;
    const eraser = new EventEraser(this.db, this.person, findings, this.messages, this.isDryRun);
    const free = [...findings.events.values()].filter((event) => !flights.isHeld(event)).map(({ id }) => id);
    const mark = await findWordsMark(this.db);
    for (const ids of inParts(free, EVENTS_AT_ONCE)) {
      this.onStep();
      await eraser.erase(ids);
      Object.assign(this.counts, eraser.counts);
    }
    if (!this.isDryRun) await this.eraseLateWords(free.filter((id) => id >= mark));
  }

  /** Their words may have been written just now, of what they were before. */
  private async eraseLateWords(late: readonly string[]): Promise<void> {
    for (const ids of inParts(late, EVENTS_AT_ONCE)) await eraseWords(this.db, ids, lowestDeliveryId(ids));
  }

  private async eraseOthers(flights: FlightBook): Promise<void> {
    const { findings } = this.finder;
    const webhookIds = [...new Set([...findings.events.values()].map(({ webhookId }) => webhookId))];
    const tickets = new TicketEraser(this.db, this.person, findings, this.isDryRun);
    this.counts.tickets = await tickets.erase(this.finder, webhookIds);
    const threads = new ThreadEraser(this.db, this.person, findings, this.isDryRun);
    this.counts.threads = await threads.erase((ticket) => flights.isTicketHeld(ticket));
    const said = [this.person.email.email, ...this.person.knownNames];
    this.counts.changes = await blankPeople(this.db, said, this.isDryRun);
    if (!this.isDryRun) await eraseFromAnswers(this.db, this.person);
  }

  private async view(): Promise<ErasureView> {
    const destinations = await selectDestinationNames(this.db, this.messages.destinationIds);
    const messages = this.messages.messagesOf(destinations.filter(({ kind }) => kind === 'zulip'));
    const receivers = this.messages.receiversOf(destinations.filter(({ kind }) => kind !== 'zulip'));
    return { dry_run: this.isDryRun, complete: this.counts.in_flight === 0, ...this.counts, messages, receivers };
  }
}
