import type {
  Actor,
  Message,
  NormalPriority,
  NormalStatus,
  Person,
  Term,
  Ticket,
} from '../../ticket-event/ticket-event.js';
import { readFullName } from '../make-person.js';
import { omitUndefined } from '../omit-undefined.js';
import { readMarkup } from '../read-markup.js';
import {
  asLine,
  asPayload,
  type Payload,
  readFlag,
  readLine,
  readList,
  readPayload,
  readText,
  readValue,
} from '../read-payload.js';
import { readWebAddress } from '../read-web-address.js';
import { type AuthorKind, authorKindIn, messageIdIn, readLink, readPerson, ticketNumberIn } from './groove.links.js';

/** States and priorities as https://www.groovehq.com/docs/tickets lists them. */
const STATUSES: ReadonlyMap<string, NormalStatus> = new Map([
  ['unread', 'open'],
  ['opened', 'open'],
  ['pending', 'pending'],
  ['closed', 'closed'],
  ['spam', 'closed'],
]);
const PRIORITIES: ReadonlyMap<string, NormalPriority> = new Map([
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['urgent', 'urgent'],
]);
const TICKET_NUMBER = /^\d+$/;

/** A ticket payload: its facts, and around them the wrapper that `ticket_state_changed` puts its ticket in. */
export interface TicketPayload {
  ticket: Payload;
  wrapper: Payload;
}

/** @returns the ticket of a ticket event, which is the whole body, or stands in it under `ticket` */
export function readTicketPayload(body: Payload): TicketPayload {
  return { ticket: asPayload(readValue(body, 'ticket')) ?? body, wrapper: body };
}

/** @returns undefined where the payload does not say which ticket it is about */
export function readTicket(payload: TicketPayload): Ticket | undefined {
  const { ticket, wrapper } = payload;
  const number = readNumber(payload);
  if (number === undefined) return undefined;
  const links = readPayload(ticket, 'links');
  const customer = readLink(links, 'customer');
  return omitUndefined<Ticket>({
    // Message events know nothing but the number.
    key: number,
    number,
    title: readLine(ticket, 'title'),
    url: readWebAddress(readValue(ticket, 'app_url')) ?? readWebAddress(readValue(wrapper, 'app_url')),
    status: readTerm(readLine(wrapper, 'state') ?? readLine(ticket, 'state'), STATUSES),
    priority: readTerm(readLine(ticket, 'priority'), PRIORITIES),
    // "Name or identifier of the group"; where there is no name the id says at least that there is a group.
    group: readLine(ticket, 'assigned_group') ?? readLine(ticket, 'assigned_group_id'),
    category: readLine(ticket, 'mailbox'),
    assignee: readPerson({ email: readLine(ticket, 'assignee') }, readLink(links, 'assignee')),
    requester: readPerson({ name: readLine(ticket, 'customer_name') }, customer),
    tags: readTags(ticket),
    custom: {},
  });
}

/** @returns what a new ticket says: plain text before what may be HTML, all of it before its summary */
export function readFirstMessage({ ticket }: TicketPayload): Message | undefined {
  const plain = readText(ticket, 'last_message_plain_text');
  const text = plain ?? readMarkup(ticket, 'last_message') ?? readMarkup(ticket, 'summary');
  return text === undefined ? undefined : { text, isInternal: false };
}

/** @returns the ticket as far as a message payload knows it: its number and where it is */
export function readTicketOfMessage(message: Payload): Ticket | undefined {
  const number = ticketNumberIn(readLink(readPayload(message, 'links'), 'ticket').href);
  if (number === undefined) return undefined;
  const url = readWebAddress(readValue(message, 'app_ticket_url'));
  return omitUndefined<Ticket>({ key: number, number, url, tags: [], custom: {} });
}

/** @param isNote whether the event itself says that the message is a note */
export function readMessage(message: Payload, isNote: boolean): Message {
  return omitUndefined<Message>({
    id: readLine(message, 'id') ?? messageIdIn(readLine(message, 'href')),
    text: readText(message, 'plain_text_body') ?? readMarkup(message, 'body') ?? '',
    isInternal: isNote || readFlag(message, 'note') === true,
  });
}

/** @param expected who writes such messages, where the payload itself does not say */
export function readAuthor(message: Payload, expected: AuthorKind): Actor {
  const link = readLink(readPayload(message, 'links'), 'author');
  const told = readFlag(message, 'agent_response') === true ? 'agent' : undefined;
  return { kind: authorKindIn(link.href) ?? told ?? expected, ...readPerson({}, link) };
}

/** @returns the customer or agent that a payload is all about */
export function readProfile(profile: Payload): Person | undefined {
  const name = readLine(profile, 'name') ?? readFullName(profile);
  return readPerson(
    { id: readLine(profile, 'id'), name, email: readLine(profile, 'email') },
    { href: readLine(profile, 'href') },
  );
}

/** @returns the agent who closed a ticket */
export function readCloser({ ticket }: TicketPayload): Actor | undefined {
  const person = readPerson({ email: readLine(ticket, 'closed_by') }, {});
  return person && { kind: 'agent', ...person };
}

function readNumber({ ticket, wrapper }: TicketPayload): string | undefined {
  const numbers = [readLine(ticket, 'number'), readLine(wrapper, 'ticket_number'), readLine(wrapper, 'number')];
  const number = numbers.find((candidate) => candidate !== undefined && TICKET_NUMBER.test(candidate));
  if (number !== undefined) return number;
  const links = readPayload(ticket, 'links');
  const hrefs = [
    readLine(ticket, 'href'),
    readLine(wrapper, 'href'),
    readLink(links, 'messages').href,
    readLink(links, 'state').href,
  ];
  return hrefs.map(ticketNumberIn).find((candidate) => candidate !== undefined);
}

function readTerm<Normal extends string>(
  native: string | undefined,
  names: ReadonlyMap<string, Normal>,
): Term<Normal> | undefined {
  return native === undefined
    ? undefined
    : omitUndefined<Term<Normal>>({ native, normal: names.get(native.toLowerCase()) });
}

function readTags(ticket: Payload): string[] {
  const tags = readValue(ticket, 'tags');
  const list = typeof tags === 'string' ? tags.split(',') : readList(ticket, 'tags');
  const names = list.map((tag) => asLine(tag) ?? readLine(asPayload(tag) ?? {}, 'name'));
  return [...new Set(names.filter((name) => name !== undefined))];
}
