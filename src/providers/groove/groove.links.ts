import type { Person } from '../../ticket-event/ticket-event.js';
import { isEmail, makePerson, type PersonFacts } from '../make-person.js';
import { type Payload, readLine, readPayload } from '../read-payload.js';

const TICKET_IN_HREF = /\/tickets\/(\d+)(?:[/?#]|$)/;
const PERSON_IN_HREF = /\/(agents|customers)\/([^/?#]+)/;
const MESSAGE_IN_HREF = /\/messages\/([\w-]+)/;
const PLAIN_ID = /^[\w-]+$/;
/** The documents' examples keep their route parameters: `…/customers/:customer_email`. */
const PLACEHOLDER = /^:/;

export type AuthorKind = 'agent' | 'customer';

/**
 * @returns the number at the end of a ticket's href, absolute or relative (`/v1/tickets/776`), or of one of its parts
 * (`/v1/tickets/776/messages`)
 */
export function ticketNumberIn(href: string | undefined): string | undefined {
  return TICKET_IN_HREF.exec(href ?? '')?.[1];
}

/** @returns the id at the end of a message's href */
export function messageIdIn(href: string | undefined): string | undefined {
  return MESSAGE_IN_HREF.exec(href ?? '')?.[1];
}

/** @returns whether a link leads to an agent or to a customer, which is all that says who wrote a message */
export function authorKindIn(href: string | undefined): AuthorKind | undefined {
  const collection = PERSON_IN_HREF.exec(href ?? '')?.[1];
  if (collection === undefined) return undefined;
  return collection === 'agents' ? 'agent' : 'customer';
}

/** @returns the link of that name in a `links` object */
export function readLink(links: Payload, name: string): { id?: string | undefined; href?: string | undefined } {
  const link = readPayload(links, name);
  return { id: readLine(link, 'id'), href: readLine(link, 'href') };
}

/**
 * Makes a person of what a payload and a link say. The link ends in an email address or in an id; what the payload says
 * itself goes before it.
 */
export function readPerson(
  facts: PersonFacts,
  link: { id?: string | undefined; href?: string | undefined },
): Person | undefined {
  const end = personIn(link.href);
  const isAddress = facts.email !== undefined && isEmail(facts.email);
  return makePerson({
    id: facts.id ?? link.id ?? end.id,
    name: facts.name,
    email: isAddress ? facts.email : (end.email ?? facts.email),
  });
}

function personIn(href: string | undefined): PersonFacts {
  const end = decode(PERSON_IN_HREF.exec(href ?? '')?.[2] ?? '').trim();
  if (end === '' || PLACEHOLDER.test(end)) return {};
  return PLAIN_ID.test(end) ? { id: end } : { email: end };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: the text is not encoded after all.
    return text;
  }
}
