import type { Message, NormalPriority, NormalStatus, Term, Ticket } from '../../ticket-event/ticket-event.js';
import { omitUndefined } from '../omit-undefined.js';
import { type Payload, readLine, readText, readValue } from '../read-payload.js';
import { readWebAddress } from '../read-web-address.js';

/** The guide names neither states nor priorities; where an implementation uses our words for them, it means them. */
const STATUSES: readonly NormalStatus[] = ['open', 'pending', 'solved', 'closed'];
const PRIORITIES: readonly NormalPriority[] = ['low', 'medium', 'high', 'urgent'];
/** A UUID is longer, and nobody calls a ticket by one if it has a title. */
const LONGEST_SPOKEN_ID = 20;

/**
 * The ticket of an event, which the guide itself never tells: only the message. Read are the fields that implementations
 * add, in the names that the guide's own endpoints and most helpdesks use.
 *
 * @returns undefined where nothing says which ticket it is
 */
export function readTicket(data: Payload): Ticket | undefined {
  // `id` beside it may be that of anything.
  const key = readLine(data, 'ticket_id') ?? readLine(data, 'id');
  if (key === undefined) return undefined;
  const title = readLine(data, 'title') ?? readLine(data, 'subject');
  const isSpoken = title === undefined || key.length <= LONGEST_SPOKEN_ID;
  return omitUndefined<Ticket>({
    key,
    number: readLine(data, 'number') ?? (isSpoken ? key : undefined),
    title,
    url: readWebAddress(readValue(data, 'url')),
    status: readTerm(readLine(data, 'status'), STATUSES),
    priority: readTerm(readLine(data, 'priority'), PRIORITIES),
    category: readLine(data, 'category'),
    tags: [],
    custom: {},
  });
}

/** @returns what the ticket says, undefined where it is not told */
export function readMessage(data: Payload): Message | undefined {
  const text = readText(data, 'ticket_message');
  return text === undefined ? undefined : { text, isInternal: false };
}

function readTerm<Normal extends string>(
  native: string | undefined,
  names: readonly Normal[],
): Term<Normal> | undefined {
  if (native === undefined) return undefined;
  const word = native.toLowerCase();
  return omitUndefined<Term<Normal>>({ native, normal: names.find((name) => name === word) });
}
