import type { SourceSettings } from '../../ticket-event/provider-adapter.js';
import type { Message, Ticket } from '../../ticket-event/ticket-event.js';
import { omitUndefined } from '../omit-undefined.js';
import { readBaseAddress } from '../read-base-address.js';
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
import { readTime } from '../read-time.js';
import { SourceNames, readId } from './faveo.names.js';
import { FaveoPeople } from './faveo.people.js';
import { readWhole, readWithoutHistory } from './quoted-history.js';

/** What can stand in an address as it is. */
const PLAIN_ID = /^[\w-]{1,50}$/;
/** The log keeps a hundred of a ticket's further values; a few are ours. */
const MOST_CUSTOM_FIELDS = 90;

type NamedText = [name: string | undefined, text: string | undefined];

/** One webhook, taken apart. */
export interface FaveoWebhook {
  ticket: Payload;
  /** The message that it is about; empty where it is about a ticket. */
  thread: Payload;
  body: Payload;
  names: SourceNames;
  people: FaveoPeople;
  baseUrl: string | undefined;
}

/** @returns a webhook about a ticket, which stands under `ticket`, or under `thread` where a newer event has it */
export function readTicketWebhook(body: Payload, source: SourceSettings): FaveoWebhook {
  const ticket = asPayload(readValue(body, 'ticket'));
  return makeWebhook(body, ticket ?? readPayload(body, 'thread'), {}, source);
}

/** @returns a webhook about a message, which stands under `thread` and holds the ticket; new tickets may come with one, too */
export function readMessageWebhook(body: Payload, source: SourceSettings): FaveoWebhook {
  const thread = asPayload(readValue(body, 'thread')) ?? asPayload(readList(body, 'thread')[0]) ?? {};
  const ticket = asPayload(readValue(thread, 'ticket')) ?? readPayload(body, 'ticket');
  return makeWebhook(body, ticket, thread, source);
}

function makeWebhook(body: Payload, ticket: Payload, thread: Payload, source: SourceSettings): FaveoWebhook {
  const names = new SourceNames(source);
  const people = new FaveoPeople(body, thread, names);
  return { ticket, thread, body, names, people, baseUrl: readBaseAddress(readValue(source.settings, 'base_url')) };
}

/** @returns undefined where the webhook does not say which ticket it is about */
export function readTicket({ ticket, thread, body, names, people, baseUrl }: FaveoWebhook): Ticket | undefined {
  const id = readId(ticket, 'id') ?? readId(thread, 'ticket_id');
  if (id === undefined) return undefined;
  return omitUndefined<Ticket>({
    key: id,
    number: readLine(ticket, 'ticket_number'),
    title: readLine(readPayload(ticket, 'first_thread'), 'title') ?? readLine(thread, 'title'),
    url: makeLink(baseUrl, id),
    status: names.status(readId(ticket, 'status'), readPayload(ticket, 'statuses')),
    priority: names.priority(readId(ticket, 'priority_id')),
    group: names.department(readId(ticket, 'dept_id')),
    assignee: people.assigneeOf(ticket),
    requester: people.ownerOf(ticket),
    tags: [],
    custom: knownTexts([...customTexts(body), ...idTexts(ticket)]),
  });
}

/** @returns what was written with a new ticket, all of it; undefined where nothing came along */
export function readFirstMessage({ thread }: FaveoWebhook): Message | undefined {
  const text = readWhole(readText(thread, 'body') ?? '');
  return text === '' ? undefined : omitUndefined<Message>({ id: readId(thread, 'id'), text, isInternal: false });
}

/** @returns a reply without the messages that it answers; a note is whole, since what it quotes was chosen by hand */
export function readMessage({ thread }: FaveoWebhook, isNote: boolean): Message {
  const isInternal = isNote || readFlag(thread, 'is_internal') === true;
  const body = readText(thread, 'body') ?? '';
  const text = isInternal ? readWhole(body) : readWithoutHistory(body);
  return omitUndefined<Message>({ id: readId(thread, 'id'), text, isInternal });
}

/** @returns when the ticket is to be done, in ISO 8601 */
export function readDueDate({ ticket }: FaveoWebhook): string | undefined {
  const dates = [readTime(readValue(ticket, 'duedate')), readTime(readValue(ticket, 'resolution_due_by'))];
  const due = dates.find((date) => date !== undefined);
  return due?.toISOString().replace('.000Z', 'Z');
}

function makeLink(baseUrl: string | undefined, id: string): string | undefined {
  return baseUrl === undefined || !PLAIN_ID.test(id) ? undefined : `${baseUrl}/thread/${id}`;
}

/** What stays the same when a helpdesk renames its departments, priorities or statuses, for routes to go by. */
function idTexts(ticket: Payload): NamedText[] {
  return [
    ['department_id', readId(ticket, 'dept_id')],
    ['priority_id', readId(ticket, 'priority_id')],
    ['status_id', readId(ticket, 'status')],
    ['team_id', readId(ticket, 'team_id')],
  ];
}

/** Newer versions send a helpdesk's own fields with a new ticket: by name, or as a list of names and values. */
function customTexts(body: Payload): NamedText[] {
  const listed = [...readList(body, 'custom_fields').slice(0, MOST_CUSTOM_FIELDS)].map((item): NamedText => {
    const field = asPayload(item) ?? {};
    return [readLine(field, 'label') ?? readLine(field, 'name'), readLine(field, 'value')];
  });
  const byName = readPayload(body, 'custom_fields');
  const named = Object.keys(byName)
    .slice(0, MOST_CUSTOM_FIELDS)
    .sort()
    .map((name): NamedText => [asLine(name), readLine(byName, name)]);
  return [...listed, ...named];
}

function knownTexts(texts: readonly NamedText[]): Record<string, string> {
  return Object.fromEntries(texts.filter((text): text is [string, string] => !text.includes(undefined)));
}
