import { ERASED } from '../changes/refer-to-people.js';
import type { Change, Person, Ticket } from '../ticket-event/ticket-event.js';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import type { ErasedPerson } from './erased-person.js';
import { eraseStrings } from './erase-strings.js';

/** Fields whose former and new values are what somebody wrote. */
const IS_WRITTEN = /title|subject|summary|description|body|message|text|comment|custom/i;

/**
 * Takes a person out of an event. Their address goes wherever it stands, their names out of all that people wrote; what
 * the event says of them as a person is `[erased]`. Of their own tickets, and of what they did, the words go as well.
 *
 * @param isTheirTicket whether the event is of a ticket of theirs, also where it does not name them
 * @returns a copy; the same fields in the same order, so that an event without them stays as it is
 */
export function eraseFromEvent(
  event: TicketEventDocument,
  person: ErasedPerson,
  isTheirTicket: boolean,
): TicketEventDocument {
  const sourceId = event.source.id;
  const isTheirs = (who: Person | undefined): boolean => person.isTheirs(who, sourceId);
  const isWritten = isTheirTicket || isTheirs(event.actor) || isTheirs(event.ticket?.requester);
  const nobody = <Who extends Person>(who: Who): Who => (isTheirs(who) ? withoutPerson(who) : who);
  const erased: TicketEventDocument = {
    ...event,
    ...(event.ticket && { ticket: eraseTicket(event.ticket, person, isWritten, nobody) }),
    ...(event.person && { person: nobody(event.person) }),
    ...(event.actor && { actor: nobody(event.actor) }),
    ...(event.message && {
      message: { ...event.message, text: isWritten ? ERASED : person.eraseFrom(event.message.text) },
    }),
    changes: event.changes.map((change) => eraseChange(change, person, isWritten)),
  };
  return eraseStrings(erased, (text) => person.email.erase(text));
}

function eraseTicket(
  ticket: Ticket,
  person: ErasedPerson,
  isWritten: boolean,
  nobody: (who: Person) => Person,
): Ticket {
  const { title, group, category, requester, assignee } = ticket;
  const erase = (text: string): string => person.eraseFrom(text);
  return {
    ...ticket,
    ...(title !== undefined && { title: isWritten ? ERASED : erase(title) }),
    ...(group !== undefined && { group: erase(group) }),
    ...(category !== undefined && { category: erase(category) }),
    ...(assignee && { assignee: nobody(assignee) }),
    ...(requester && { requester: nobody(requester) }),
    tags: ticket.tags.map(erase),
    custom: isWritten ? eraseValues(ticket.custom) : eraseStrings(ticket.custom, erase),
  };
}

/** A person has at least one field. */
function withoutPerson<Who extends Person>(who: Who): Who {
  const { id: _id, email: _email, ...others } = who;
  return { ...others, name: ERASED } as Who;
}

function eraseValues(custom: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.keys(custom).map((name) => [name, ERASED]));
}

function eraseChange(change: Change, person: ErasedPerson, isWritten: boolean): Change {
  const { field, from, to } = change;
  const erase = (text: string): string => (isWritten && IS_WRITTEN.test(field) ? ERASED : person.eraseFrom(text));
  return { ...change, ...(from !== undefined && { from: erase(from) }), ...(to !== undefined && { to: erase(to) }) };
}
