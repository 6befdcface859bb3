import { makePerson } from '../providers/make-person.js';
import { omitUndefined } from '../providers/omit-undefined.js';
import { readWebAddress } from '../providers/read-web-address.js';
import type { NewTicket, Ticket } from '../ticket-event/ticket-event.js';
import type { TicketRow } from '../tickets/ticket.js';

/** A ticket of the store with what only the desk does to it. */
export interface DeskTicketRow extends TicketRow {
  closed_at: Date | null;
}

/** A ticket has one of these from its opening to its closing, and after it. */
export const TICKET_STATUSES = ['new', 'closed'] as const;

const DEFAULT_CATEGORY = 'general';
const DEFAULT_PRIORITY = 'medium';
/** Of the message's first line, which serves as a title: topics are shorter. */
const LONGEST_DERIVED_TITLE = 200;

/** A ticket of the desk's own: all that is said of it is its message, whose first line names it. */
export function newDeskTicket(message: string): NewTicket {
  return {
    title: firstLine(message),
    description: message,
    category: DEFAULT_CATEGORY,
    priority: DEFAULT_PRIORITY,
    userId: '',
    userEmail: '',
    metadata: {},
  };
}

/** @returns the ticket of an opening event; its key is the id that it is about to get */
export function describeNewTicket({ title, category, priority }: NewTicket): Ticket {
  return {
    key: title,
    title,
    status: { native: 'new', normal: 'open' },
    priority: { native: priority, normal: priority },
    category,
    tags: [],
    custom: {},
  };
}

/** @returns the ticket of later events, as far as the store knows it, whichever endpoint opened it */
export function describeTicket(row: DeskTicketRow): Ticket {
  const { platform, source_url: url } = row.metadata;
  return omitUndefined<Ticket>({
    key: row.ticket_key,
    title: row.title,
    url: readWebAddress(url),
    status: { native: row.status, normal: row.closed_at === null ? 'open' : 'closed' },
    priority: { native: row.priority, normal: row.priority },
    category: row.category,
    platform: typeof platform === 'string' ? platform : undefined,
    requester: makePerson({ id: row.user_id || undefined, email: row.user_email || undefined }),
    tags: [],
    custom: {},
  });
}

/** @param message in which something shows */
function firstLine(message: string): string {
  const line =
    message
      .trim()
      .split(/[\r\n]/, 1)[0]
      ?.trim() ?? '';
  return line.length > LONGEST_DERIVED_TITLE ? `${line.slice(0, LONGEST_DERIVED_TITLE - 1).toWellFormed()}…` : line;
}
