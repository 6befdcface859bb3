import { ERASED } from '../changes/refer-to-people.js';
import type { Person } from '../ticket-event/ticket-event.js';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import { EmailPattern } from './email-pattern.js';

/** Of one letter, or of none, is no name: it would be erased out of every sentence. */
const IS_NAME = /\p{L}.*[\p{L}\p{M}\p{N}]/u;

/** Somebody whose data is erased: by their address, and by what the log calls them beside it. */
export class ErasedPerson {
  readonly email: EmailPattern;
  /** In lower case. */
  private readonly names = new Set<string>();
  /** What each source identifies them by. */
  private readonly ids = new Map<string, Set<string>>();
  private namesInText: RegExp | undefined;

  constructor(email: string) {
    this.email = new EmailPattern(email);
  }

  /** The names that stand beside the address, in lower case. */
  get knownNames(): string[] {
    return [...this.names];
  }

  /** Learns their names and ids from an event that has them beside the address. */
  learn(event: TicketEventDocument): void {
    for (const person of peopleOf(event)) if (this.hasAddress(person)) this.learnPerson(person, event.source.id);
  }

  /** @param sourceId whose ids they are */
  isTheirs(person: Person | undefined, sourceId: string): boolean {
    if (!person) return false;
    // Who has another address is somebody else, whatever the name.
    if (person.email !== undefined && person.email !== '') return this.hasAddress(person);
    const hasId = person.id !== undefined && this.ids.get(sourceId)?.has(person.id) === true;
    return hasId || (person.name !== undefined && this.names.has(person.name.trim().toLowerCase()));
  }

  /** @returns whether a ticket is theirs: they asked for it, or where nobody is named, they wrote in it as a customer */
  isTicketOf({ ticket, actor, type, source }: TicketEventDocument): boolean {
    if (!ticket) return false;
    if (ticket.requester) return this.isTheirs(ticket.requester, source.id);
    return this.isTheirs(actor, source.id) && (actor?.kind === 'customer' || type === 'ticket.created');
  }

  /** @returns whether a text holds their address or one of their names */
  isIn(text: string): boolean {
    return this.email.holds(text) || this.namePattern?.test(text) === true;
  }

  /** @returns a text without their address and names */
  eraseFrom(text: string): string {
    const withoutAddress = this.email.erase(text);
    return this.namePattern ? withoutAddress.replaceAll(this.namePattern, ERASED) : withoutAddress;
  }

  private hasAddress({ email }: Person): boolean {
    return email !== undefined && this.email.holds(email);
  }

  private learnPerson({ id, name }: Person, sourceId: string): void {
    const spelled = name?.trim().toLowerCase() ?? '';
    if (IS_NAME.test(spelled) && !this.names.has(spelled)) {
      this.names.add(spelled);
      this.namesInText = undefined;
    }
    if (id === undefined || id === '') return;
    const known = this.ids.get(sourceId) ?? new Set();
    this.ids.set(sourceId, known.add(id));
  }

  /** Whole words, longest names first. Undefined where no name is known. */
  private get namePattern(): RegExp | undefined {
    if (this.names.size > 0 && !this.namesInText) this.namesInText = patternOf([...this.names]);
    // What it remembers of the last text would count for the next.
    if (this.namesInText) this.namesInText.lastIndex = 0;
    return this.namesInText;
  }
}

function peopleOf({ ticket, person, actor }: TicketEventDocument): Person[] {
  return [ticket?.requester, ticket?.assignee, person, actor].filter((each) => each !== undefined);
}

function patternOf(names: readonly string[]): RegExp {
  const alternatives = [...names]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+'));
  return new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${alternatives.join('|')})(?![\\p{L}\\p{M}\\p{N}])`, 'giu');
}
