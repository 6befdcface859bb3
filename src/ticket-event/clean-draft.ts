import { createHash } from 'node:crypto';
import type { Change, Message, NewTicket, Person, Term, Ticket, TicketEventDraft } from './ticket-event.js';

/*
 * What the log stores of an event is bounded; the raw body keeps the rest. Lengths are UTF-16 units, which is what
 * JavaScript counts in one step; nobody reads a name of 500 characters.
 */
export const LONGEST_SHORT_FIELD = 500;
export const LONGEST_TITLE = 2_000;
const LONGEST_URL = 4_000;
export const LONGEST_TEXT = 65_536;
const MOST_ENTRIES = 100;
const HASH_LENGTH = 32;

/**
 * Makes a draft fit to be stored: NUL and lone surrogates, which PostgreSQL's text and jsonb refuse, are removed or
 * replaced; lengths and lists are cut. Every string passes through here before it reaches a batch, so that one hostile
 * webhook cannot fail its neighbours.
 */
export function cleanDraft(draft: TicketEventDraft): TicketEventDraft {
  const { ticket, person, actor, message, opens, identity } = draft;
  const clean: TicketEventDraft = { ...draft, nativeType: short(draft.nativeType) };
  if (ticket) clean.ticket = cleanTicket(ticket);
  if (person) clean.person = cleanPerson(person);
  if (actor) clean.actor = { kind: actor.kind, ...cleanPerson(actor) };
  if (message) clean.message = cleanMessage(message);
  if (opens) clean.opens = cleanNewTicket(opens);
  clean.changes = draft.changes.slice(0, MOST_ENTRIES).map(cleanChange);
  if ('value' in identity) clean.identity = { ...identity, value: cleanKey(identity.value) };
  return clean;
}

/** @returns the text without NUL, well-formed, and at most `longest` UTF-16 units long */
export function cleanText(text: string, longest: number): string {
  // Cut first, then mend: a cut through a surrogate pair leaves a lone one.
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  const whole = cut.isWellFormed() ? cut : cut.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole;
}

/** @returns an identifier that fits an index: long ones keep their beginning and end in a hash, so that they stay different */
export function cleanKey(key: string): string {
  if (key.length <= LONGEST_SHORT_FIELD) return cleanText(key, LONGEST_SHORT_FIELD);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, HASH_LENGTH);
  return `${cleanText(key.slice(0, LONGEST_SHORT_FIELD - HASH_LENGTH), LONGEST_SHORT_FIELD)}${hash}`;
}

function short(text: string): string {
  return cleanText(text, LONGEST_SHORT_FIELD);
}

function cleanNewTicket({
  key,
  title,
  description,
  category,
  priority,
  userId,
  userEmail,
  metadata,
}: NewTicket): NewTicket {
  return {
    ...(key !== undefined && { key: cleanKey(key) }),
    title: cleanText(title, LONGEST_TITLE),
    description: cleanText(description, LONGEST_TEXT),
    category: short(category),
    priority,
    userId: short(userId),
    userEmail: short(userEmail),
    metadata: cleanJson(metadata) as Record<string, unknown>,
  };
}

/** @param value of a body, which nests no deeper than intake's parsers allow */
function cleanJson(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value, LONGEST_TEXT);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cleanJson);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [cleanText(name, LONGEST_SHORT_FIELD), cleanJson(item)]),
  );
}

function cleanTicket(ticket: Ticket): Ticket {
  const { key, number, title, url, status, priority, group, category, platform, assignee, requester } = ticket;
  const clean: Ticket = {
    key: cleanKey(key),
    tags: ticket.tags.slice(0, MOST_ENTRIES).map(short),
    custom: cleanCustom(ticket.custom),
  };
  if (number !== undefined) clean.number = short(number);
  if (title !== undefined) clean.title = cleanText(title, LONGEST_TITLE);
  // Half a URL leads nowhere.
  if (url !== undefined && url.length <= LONGEST_URL) clean.url = cleanText(url, LONGEST_URL);
  if (status) clean.status = cleanTerm(status);
  if (priority) clean.priority = cleanTerm(priority);
  if (group !== undefined) clean.group = short(group);
  if (category !== undefined) clean.category = short(category);
  if (platform !== undefined) clean.platform = short(platform);
  if (assignee) clean.assignee = cleanPerson(assignee);
  if (requester) clean.requester = cleanPerson(requester);
  return clean;
}

function cleanTerm<T extends Term>(term: T): T {
  return { ...term, native: short(term.native) };
}

function cleanPerson({ id, name, email }: Person): Person {
  const clean: Person = {};
  if (id !== undefined) clean.id = short(id);
  if (name !== undefined) clean.name = short(name);
  if (email !== undefined) clean.email = short(email);
  return clean;
}

function cleanMessage({ id, text, isInternal }: Message): Message {
  const clean: Message = { text: cleanText(text, LONGEST_TEXT), isInternal };
  if (id !== undefined) clean.id = short(id);
  return clean;
}

function cleanChange({ field, from, to }: Change): Change {
  const clean: Change = { field: short(field) };
  if (from !== undefined) clean.from = short(from);
  if (to !== undefined) clean.to = short(to);
  return clean;
}

function cleanCustom(custom: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(custom)
      .slice(0, MOST_ENTRIES)
      .map(([name, value]) => [short(name), short(value)]),
  );
}
