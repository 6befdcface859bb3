import type { Person } from '../ticket-event/ticket-event.js';
import { omitUndefined } from './omit-undefined.js';
import { type Payload, readLine } from './read-payload.js';

/** RFC 5321, section 4.5.3.1.3: a path of 256 octets with its two angle brackets. */
const LONGEST_EMAIL = 254;
const EMAIL = /^[^\s@<>()[\]",;:\\]+@[^\s@<>()[\]",;:\\]+$/;

/** What a helpdesk says about somebody; `email` may be anything, as helpdesks write there what they have. */
export interface PersonFacts {
  id?: string | undefined;
  name?: string | undefined;
  email?: string | undefined;
}

/** @returns whether the text can be an email address; `[email protected]` and `:customer_email` cannot */
export function isEmail(text: string): boolean {
  return text.length <= LONGEST_EMAIL && EMAIL.test(text);
}

/**
 * Makes a person of what is known. Text in the place of an address that is none is still the only thing said about
 * somebody, so it becomes the name where there is no other. A name that only repeats the address is dropped.
 *
 * @returns undefined where nothing is known
 */
export function makePerson(facts: PersonFacts): Person | undefined {
  const email = facts.email !== undefined && isEmail(facts.email) ? facts.email : undefined;
  const name = facts.name ?? (email === undefined ? facts.email : undefined);
  const person = omitUndefined<Person>({ id: facts.id, name: name === email ? undefined : name, email });
  return Object.keys(person).length === 0 ? undefined : person;
}

/** @returns the name that a helpdesk keeps in two parts; undefined where neither says anything */
export function readFullName(person: Payload): string | undefined {
  const names = [readLine(person, 'first_name'), readLine(person, 'last_name')];
  return names.filter((name) => name !== undefined).join(' ') || undefined;
}
