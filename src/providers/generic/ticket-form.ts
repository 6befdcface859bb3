import { InvalidPayloadError } from '../../ticket-event/errors.js';
import type { NewTicket, NormalPriority, Ticket, TicketEventDraft } from '../../ticket-event/ticket-event.js';
import { contentIdentity } from '../content-identity.js';
import { makePerson } from '../make-person.js';
import { omitUndefined } from '../omit-undefined.js';
import { toMarkdown } from '../read-markup.js';
import { asPayload, type Payload, readLine, readText, readValue } from '../read-payload.js';
import { readWebAddress } from '../read-web-address.js';
import { readMetadata } from './read-metadata.js';

/** The form does not name an event: what it brings is always a new ticket. */
export const FORM_NATIVE_TYPE = 'ticket.created';

/** `ticket.created` of a system that keeps no tickets: its ticket is opened in the built-in store. */
export interface TicketFormDraft extends TicketEventDraft {
  ticket: Ticket;
  opens: NewTicket;
}

const PRIORITIES: ReadonlyMap<string, NormalPriority> = new Map([
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['urgent', 'urgent'],
]);
const DEFAULT_PRIORITY = 'medium';
const DEFAULT_CATEGORY = 'general';
const DEFAULT_PLATFORM = 'external';

/** The form's fields, each under the first of its names that is filled in. */
interface Form {
  title: string;
  description: string;
  category: string;
  priority: string;
  platform: string;
  externalId: string | undefined;
  userId: string | undefined;
  email: string | undefined;
  metadata: Record<string, unknown>;
}

/**
 * Reads the flat form of TicketFlow's webhook: `title` or `subject`, `description` or `body`, `customer_email` or
 * `user_email`, and what may be left out. Messages of errors are part of its interface.
 *
 * @throws InvalidPayloadError
 */
export function readTicketForm(body: unknown): TicketFormDraft {
  const form = readForm(body);
  const opens = openTicket(form);
  return {
    type: 'ticket.created',
    nativeType: FORM_NATIVE_TYPE,
    ticket: describeTicket(form, opens),
    message: { text: toMarkdown(form.description) ?? '', isInternal: false },
    changes: [],
    opens,
    identity: contentIdentity([FORM_NATIVE_TYPE, form]),
  };
}

/** @returns whether a body has what every form must have, whatever else stands there */
export function isTicketForm(body: Payload): boolean {
  return readTitle(body) !== undefined && readDescription(body) !== undefined;
}

function readForm(body: unknown): Form {
  const payload = asPayload(body);
  if (!payload) throw new InvalidPayloadError('The body is not an object.');
  const title = readTitle(payload);
  if (title === undefined) throw new InvalidPayloadError('Title or subject is required');
  const description = readDescription(payload);
  if (description === undefined) throw new InvalidPayloadError('Description or body is required');
  return { title, description, ...readRest(payload) };
}

function readTitle(payload: Payload): string | undefined {
  return readLine(payload, 'title') ?? readLine(payload, 'subject');
}

function readDescription(payload: Payload): string | undefined {
  return readText(payload, 'description') ?? readText(payload, 'body');
}

function readRest(payload: Payload): Omit<Form, 'title' | 'description'> {
  return {
    category: readLine(payload, 'category')?.toLowerCase() ?? DEFAULT_CATEGORY,
    priority: readLine(payload, 'priority') ?? DEFAULT_PRIORITY,
    platform: readLine(payload, 'platform') ?? DEFAULT_PLATFORM,
    externalId: readLine(payload, 'id'),
    userId: readLine(payload, 'user_id'),
    email: readLine(payload, 'customer_email') ?? readLine(payload, 'user_email'),
    metadata: readMetadata(payload),
  };
}

function openTicket({ externalId, ...form }: Form): NewTicket {
  return {
    title: form.title,
    description: form.description,
    category: form.category,
    priority: PRIORITIES.get(form.priority.toLowerCase()) ?? DEFAULT_PRIORITY,
    userId: form.userId ?? '',
    userEmail: form.email ?? '',
    metadata: {
      ...form.metadata,
      ...(externalId !== undefined && { external_id: externalId }),
      platform: form.platform,
      source: 'webhook',
    },
  };
}

function describeTicket(form: Form, opens: NewTicket): Ticket {
  return omitUndefined<Ticket>({
    // The store's id takes its place.
    key: form.externalId ?? form.title,
    title: form.title,
    url: readWebAddress(readValue(form.metadata, 'source_url')),
    status: { native: 'new', normal: 'open' },
    priority: { native: form.priority, normal: opens.priority },
    category: form.category,
    platform: form.platform,
    requester: makePerson({ id: form.userId, email: form.email }),
    tags: [],
    // As the store keeps them: what a sender's own metadata say of the platform does not count.
    custom: readTexts(opens.metadata),
  });
}

function readTexts(metadata: Payload): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
