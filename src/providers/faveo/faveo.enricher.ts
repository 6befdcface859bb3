import { Injectable } from '@nestjs/common';
import type { SourceAccess } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { Actor, Change, Person, Term, Ticket } from '../../ticket-event/ticket-event.js';
import { LookUpDesk, type LookUps } from '../helpdesk-api/look-ups.js';
import { faveoAccess, type FaveoNames, NAMES_QUESTION } from './faveo-api.js';

/** What stands where a name is not known. */
const BARE_ID = /^\d+$/;

/**
 * Faveo's webhooks give ids of departments, teams, priorities, statuses and agents. Where neither the source's settings nor
 * Faveo's defaults name one, its API may. Nothing that has a name is replaced.
 */
@Injectable()
export class FaveoEnricher {
  private readonly lookUps: LookUps<FaveoNames>;

  constructor(desk: LookUpDesk) {
    this.lookUps = desk.open('faveo');
  }

  /** See `ProviderAdapter.enrich`. */
  async enrich(event: TicketEventDocument, source: SourceAccess): Promise<TicketEventDocument> {
    const access = faveoAccess(source);
    if (!access || !showsBareIds(event)) return event;
    const [names] = await this.lookUps.answer(source.id, access, [NAMES_QUESTION]);
    return names ? withNames(event, names) : event;
  }
}

function showsBareIds({ ticket, actor, changes }: TicketEventDocument): boolean {
  const texts = [ticket?.status?.native, ticket?.priority?.native, ticket?.group];
  const people = [ticket?.assignee, mayBeAgent(actor) ? actor : undefined];
  return (
    texts.some(isBareId) ||
    people.some((person) => bareIdOf(person) !== undefined) ||
    changes.some(({ from, to }) => isBareId(from) || isBareId(to))
  );
}

function withNames(event: TicketEventDocument, names: FaveoNames): TicketEventDocument {
  const { ticket, actor, changes } = event;
  return {
    ...event,
    ...(ticket && { ticket: namedTicket(ticket, names) }),
    ...(mayBeAgent(actor) && { actor: named(actor, names) }),
    changes: changes.map((change) => namedChange(change, names)),
  };
}

function namedTicket(ticket: Ticket, names: FaveoNames): Ticket {
  const { status, priority, group, assignee } = ticket;
  return {
    ...ticket,
    ...(status && { status: namedTerm(status, names.statuses) }),
    ...(priority && { priority: namedTerm(priority, names.priorities) }),
    ...(group !== undefined && { group: names.departments.get(group) ?? group }),
    ...(assignee && { assignee: named(assignee, names) }),
  };
}

function namedTerm<Known extends Term>(term: Known, names: ReadonlyMap<string, string>): Known {
  return { ...term, native: names.get(term.native) ?? term.native };
}

function named<Somebody extends Person>(person: Somebody, { agents }: FaveoNames): Somebody {
  const id = bareIdOf(person);
  return id === undefined ? person : { ...agents.get(id), ...person };
}

function namedChange(change: Change, names: FaveoNames): Change {
  const { field, from, to } = change;
  const nameOf = (value: string): string => nameIn(names, field, value) ?? value;
  return {
    ...change,
    ...(from !== undefined && { from: nameOf(from) }),
    ...(to !== undefined && { to: nameOf(to) }),
  };
}

function nameIn(names: FaveoNames, field: string, value: string): string | undefined {
  switch (field) {
    case 'status':
      return names.statuses.get(value);
    case 'priority':
      return names.priorities.get(value);
    case 'group':
      return names.departments.get(value);
    case 'team':
      return names.teams.get(value);
    case 'assignee':
      return names.agents.get(value)?.name ?? names.agents.get(value)?.email;
    default:
      return undefined;
  }
}

/** Agents and customers have their ids from one sequence, so that an agent's is nobody else's. */
function mayBeAgent(actor: Actor | undefined): actor is Actor {
  return actor?.kind === 'agent' || actor?.kind === 'unknown';
}

function isBareId(text: string | undefined): boolean {
  return text !== undefined && BARE_ID.test(text);
}

function bareIdOf({ id, name, email }: Person = {}): string | undefined {
  return name === undefined && email === undefined ? id : undefined;
}
