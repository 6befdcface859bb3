import { Injectable } from '@nestjs/common';
import type { SourceAccess } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { Actor, Person, Ticket } from '../../ticket-event/ticket-event.js';
import { LookUpDesk, type LookUps } from '../helpdesk-api/look-ups.js';
import type { Question } from '../helpdesk-api/source-look-ups.js';
import { omitUndefined } from '../omit-undefined.js';
import { grooveAccess, type GrooveFact, personQuestion, ticketQuestion } from './groove-api.js';
import type { AuthorKind } from './groove.links.js';

/** Something that the event does not say, and where it belongs. */
interface Gap {
  question: Question<GrooveFact>;
  fill(event: TicketEventDocument, fact: GrooveFact): TicketEventDocument;
}

/**
 * Groove's webhooks give addresses of people and numbers of tickets: https://www.groovehq.com/docs/webhooks. Its API
 * gives their names and titles. Nothing that a webhook says is replaced.
 */
@Injectable()
export class GrooveEnricher {
  private readonly lookUps: LookUps<GrooveFact>;

  constructor(desk: LookUpDesk) {
    this.lookUps = desk.open('groove');
  }

  /** See `ProviderAdapter.enrich`. */
  async enrich(event: TicketEventDocument, source: SourceAccess): Promise<TicketEventDocument> {
    const access = grooveAccess(source);
    const gaps = access ? findGaps(event) : [];
    if (!access || gaps.length === 0) return event;
    const questions = gaps.map(({ question }) => question);
    const facts = await this.lookUps.answer(source.id, access, questions);
    return gaps.reduce((filled, gap, index) => {
      const fact = facts[index];
      return fact ? gap.fill(filled, fact) : filled;
    }, event);
  }
}

function findGaps({ type, actor, ticket }: TicketEventDocument): Gap[] {
  const actorKind = actor?.kind === 'agent' || actor?.kind === 'customer' ? actor.kind : undefined;
  const { assignee, requester, number, title } = ticket ?? {};
  const titleIsMissing = type.startsWith('message.') && title === undefined && number !== undefined;
  return [
    ...personGap(actor, actorKind, withActor),
    ...personGap(assignee, 'agent', (event, fact) => withTicket(event, (known) => withPerson(known, 'assignee', fact))),
    ...personGap(requester, 'customer', (event, fact) =>
      withTicket(event, (known) => withPerson(known, 'requester', fact)),
    ),
    ...(titleIsMissing ? [{ question: ticketQuestion(number), fill: withTitle }] : []),
  ];
}

function personGap(person: Person | undefined, kind: AuthorKind | undefined, fill: Gap['fill']): Gap[] {
  if (!person || !kind || person.name !== undefined) return [];
  const question = personQuestion(person, kind);
  return question ? [{ question, fill }] : [];
}

function withActor(event: TicketEventDocument, fact: GrooveFact): TicketEventDocument {
  return event.actor ? { ...event, actor: learnt<Actor>(event.actor, fact) } : event;
}

function withTitle(event: TicketEventDocument, { title }: GrooveFact): TicketEventDocument {
  return title === undefined ? event : withTicket(event, (ticket) => ({ ...ticket, title }));
}

function withTicket(event: TicketEventDocument, change: (ticket: Ticket) => Ticket): TicketEventDocument {
  return event.ticket ? { ...event, ticket: change(event.ticket) } : event;
}

function withPerson(ticket: Ticket, role: 'assignee' | 'requester', fact: GrooveFact): Ticket {
  const person = ticket[role];
  return person ? { ...ticket, [role]: learnt(person, fact) } : ticket;
}

/** What the event says itself goes before it. */
function learnt<Somebody extends Person>(person: Somebody, { name, email }: GrooveFact): Somebody {
  return { ...omitUndefined<Person>({ name, email }), ...person };
}
