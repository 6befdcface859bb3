import { cleanText, LONGEST_SHORT_FIELD, LONGEST_TITLE } from '../../ticket-event/clean-draft.js';
import type { SourceAccess } from '../../ticket-event/provider-adapter.js';
import type { Person } from '../../ticket-event/ticket-event.js';
import type { HelpdeskAccess } from '../helpdesk-api/helpdesk-client.js';
import type { Question } from '../helpdesk-api/source-look-ups.js';
import { omitUndefined } from '../omit-undefined.js';
import { readBaseAddress } from '../read-base-address.js';
import { asPayload, type Payload, readLine, readValue } from '../read-payload.js';
import type { AuthorKind } from './groove.links.js';
import { readProfile } from './groove.payload.js';

/** https://www.groovehq.com/docs, REST v1 */
const GROOVE = 'https://api.groovehq.com';
const PLAIN_ID = /^\w[\w-]*$/;

/** What one of Groove's objects says: of a person name and email, of a ticket its title. */
export interface GrooveFact {
  name?: string;
  email?: string;
  title?: string;
}

/** @returns undefined where the source has no token, or an `api_url` that is no address */
export function grooveAccess({ settings, secrets }: SourceAccess): HelpdeskAccess | undefined {
  const token = secrets.api_token;
  const address = readBaseAddress(settings['api_url'] ?? GROOVE);
  return token === undefined || address === undefined ? undefined : { address, token };
}

/**
 * Groove finds people by their address; where a webhook has an id in its place, so has the link that it gives.
 *
 * @returns undefined where nothing is known to ask by
 */
export function personQuestion(person: Person, kind: AuthorKind): Question<GrooveFact> | undefined {
  const id = person.id !== undefined && PLAIN_ID.test(person.id) ? person.id : undefined;
  const key = person.email ?? id;
  if (key === undefined) return undefined;
  const read = (body: unknown): GrooveFact | undefined => {
    const profile = readProfile(unwrap(body, kind));
    return profile && short(profile);
  };
  return { path: `/v1/${kind}s/${segment(key)}`, read };
}

/** @param number of a ticket */
export function ticketQuestion(number: string): Question<GrooveFact> {
  const read = (body: unknown): GrooveFact | undefined => {
    const title = readLine(unwrap(body, 'ticket'), 'title');
    return title === undefined ? undefined : { title: cleanText(title, LONGEST_TITLE) };
  };
  return { path: `/v1/tickets/${segment(number)}`, read };
}

/** @returns the object that an answer holds under its name, or is itself */
export function unwrap(body: unknown, name: string): Payload {
  const answer = asPayload(body) ?? {};
  return asPayload(readValue(answer, name)) ?? answer;
}

function short({ name, email }: Person): GrooveFact {
  return omitUndefined<GrooveFact>({
    name: name === undefined ? undefined : cleanText(name, LONGEST_SHORT_FIELD),
    email: email === undefined ? undefined : cleanText(email, LONGEST_SHORT_FIELD),
  });
}

/** Groove's links write an address as it is. */
function segment(text: string): string {
  // `.` and `..` would be another address, and are nobody's.
  const encoded = encodeURIComponent(text).replaceAll('%40', '@');
  return /^\.{1,2}$/.test(encoded) ? '-' : encoded;
}
