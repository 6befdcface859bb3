import { InvalidPayloadError, UnsupportedEventError } from '../../../ticket-event/errors.js';
import type { Actor, Change, Message, Ticket, TicketEventType } from '../../../ticket-event/ticket-event.js';
import { makePerson } from '../../make-person.js';
import { messageType } from '../../message-type.js';
import { omitUndefined } from '../../omit-undefined.js';
import { readMarkup } from '../../read-markup.js';
import { asLine, type Payload, readFlag, readLine, readPayload, readValue } from '../../read-payload.js';
import { readTime } from '../../read-time.js';
import type { GenericReader } from '../generic-reader.js';
import { encodePart, helpdeskPage } from './helpdesk-page.js';
import { readLines } from './read-lines.js';
import { type EventFacts, makeDrafts, nativeTypeOf } from './native-drafts.js';
import { readTerm, toTerm, ZENDESK_PRIORITIES, ZENDESK_STATUSES } from './vocabulary.js';

interface Webhook {
  /** The ticket after the event. */
  detail: Payload;
  event: Payload;
  ticket: Ticket;
}

interface ZendeskEvent {
  type: TicketEventType;
  read(webhook: Webhook): Partial<EventFacts>;
}

const PLATFORM = 'zendesk';
const TYPE_PREFIX = 'zen:event-type:';
const TICKET_IN_SUBJECT = /^zen:ticket:(\d+)$/;

/** Of https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events those that are news to a team. */
const EVENTS: ReadonlyMap<string, ZendeskEvent> = new Map<string, ZendeskEvent>([
  ['ticket.created', { type: 'ticket.created', read: readCreated }],
  ['ticket.status_changed', changed('ticket.status_changed', 'status')],
  ['ticket.priority_changed', changed('ticket.priority_changed', 'priority')],
  ['ticket.comment_added', { type: 'message.agent_replied', read: readComment }],
  ['ticket.agent_assignment_changed', changed('ticket.assigned', 'assignee')],
  ['ticket.group_assignment_changed', changed('ticket.group_changed', 'group')],
  ['ticket.tags_changed', { type: 'ticket.tagged', read: readTagChange }],
  ['ticket.subject_changed', changed('ticket.updated', 'title')],
  ['ticket.description_changed', changed('ticket.updated', 'description')],
  ['ticket.type_changed', changed('ticket.updated', 'category')],
  ['ticket.custom_field_changed', changed('ticket.updated', 'custom_field')],
  ['ticket.custom_status_changed', changed('ticket.updated', 'custom_status')],
  ['ticket.organization_changed', changed('ticket.updated', 'organization')],
  ['ticket.requester_changed', changed('ticket.owner_changed', 'owner')],
  ['ticket.task_due_at_changed', changed('ticket.due_date_changed', 'due_date')],
  ['ticket.merged', { type: 'ticket.updated', read: readMerger }],
  ['ticket.marked_as_spam', marked('ticket.updated', 'spam', 'true')],
  ['ticket.soft_deleted', { type: 'ticket.deleted', read: readDeed }],
  ['ticket.permanently_deleted', { type: 'ticket.deleted', read: readDeed }],
  ['ticket.undeleted', marked('ticket.updated', 'deleted', 'false')],
]);

export const ZENDESK_NATIVE_TYPES: readonly string[] = [...EVENTS.keys()].map((name) => nativeTypeOf(PLATFORM, name));

/** Zendesk's event webhooks. What a trigger of one's own posts has the shape that its author gave it. */
export const readZendesk: GenericReader = (body, _request, source) => {
  const type = readLine(body, 'type');
  if (type?.startsWith(TYPE_PREFIX) !== true) return undefined;
  const name = type.slice(TYPE_PREFIX.length);
  const nativeType = nativeTypeOf(PLATFORM, name);
  const event = EVENTS.get(name);
  if (!event) throw new UnsupportedEventError(nativeType);
  const webhook = { detail: readPayload(body, 'detail'), event: readPayload(body, 'event') };
  const number = readLine(webhook.detail, 'id') ?? TICKET_IN_SUBJECT.exec(readLine(body, 'subject') ?? '')?.[1];
  if (number === undefined) throw new InvalidPayloadError('The payload names no ticket: detail.id is missing.');
  const url = helpdeskPage(source, `/agent/tickets/${encodePart(number)}`);
  const ticket = omitUndefined<Ticket>({ ...readTicket(webhook.detail, number), url });
  const facts = { type: event.type, nativeType, ticket, changes: [], ...event.read({ ...webhook, ticket }) };
  return makeDrafts([facts], { id: readLine(body, 'id'), occurredAt: readTime(readValue(body, 'time')) });
};

/** People and groups are ids: Zendesk sends no names. */
function readTicket(detail: Payload, number: string): Ticket {
  return omitUndefined<Ticket>({
    key: number,
    number,
    title: readLine(detail, 'subject'),
    status: readTerm(readLine(detail, 'status'), ZENDESK_STATUSES),
    priority: readTerm(readLine(detail, 'priority'), ZENDESK_PRIORITIES),
    group: readLine(detail, 'group_id'),
    category: readLine(detail, 'type'),
    platform: PLATFORM,
    assignee: makePerson({ id: readLine(detail, 'assignee_id') }),
    requester: makePerson({ id: readLine(detail, 'requester_id') }),
    tags: readLines(detail, 'tags'),
    custom: {},
  });
}

function readCreated(webhook: Webhook): Partial<EventFacts> {
  const text = readMarkup(webhook.detail, 'description');
  return { ...readDeed(webhook), ...(text !== undefined && { message: { text, isInternal: false } }) };
}

/** Who did it. That somebody is neither the requester nor the assignee says nothing about them. */
function readDeed({ detail, ticket }: Webhook): Partial<EventFacts> {
  const id = readLine(detail, 'actor_id');
  return id === undefined ? {} : { actor: { id, kind: kindOf(id, ticket) } };
}

function kindOf(id: string | undefined, { requester, assignee }: Ticket): Actor['kind'] {
  if (id === undefined) return 'unknown';
  if (id === requester?.id) return 'customer';
  return id === assignee?.id ? 'agent' : 'unknown';
}

function readComment({ event, ticket }: Webhook): Partial<EventFacts> {
  const comment = readPayload(event, 'comment');
  const author = readPayload(comment, 'author');
  const id = readLine(author, 'id') ?? readLine(comment, 'author_id');
  const isInternal = readFlag(comment, 'is_public') === false;
  const isStaff = readFlag(author, 'is_staff') ?? (isInternal || undefined);
  const kind = isStaff === undefined ? kindOf(id, ticket) : isStaff ? 'agent' : 'customer';
  return {
    type: messageType(kind, isInternal),
    actor: { ...makePerson({ id, name: readLine(author, 'name') }), kind },
    message: omitUndefined<Message>({
      id: readLine(comment, 'id'),
      text: readMarkup(comment, 'body') ?? '',
      isInternal,
    }),
  };
}

function changed(type: TicketEventType, field: string): ZendeskEvent {
  return {
    type,
    read: (webhook) => {
      const to = readChanged(webhook.event, 'current');
      return {
        ...readDeed(webhook),
        ticket: fillIn(webhook.ticket, field, to),
        changes: [omitUndefined<Change>({ field, from: readChanged(webhook.event, 'previous'), to })],
      };
    },
  };
}

/** Where the ticket itself does not have the new value. */
function fillIn(ticket: Ticket, field: string, value: string | undefined): Ticket {
  if (value === undefined) return ticket;
  const values: Record<string, Partial<Ticket>> = {
    title: { title: value },
    status: { status: toTerm(value, ZENDESK_STATUSES) },
    priority: { priority: toTerm(value, ZENDESK_PRIORITIES) },
    assignee: { assignee: { id: value } },
    group: { group: value },
    category: { category: value },
  };
  return { ...values[field], ...ticket };
}

function marked(type: TicketEventType, field: string, to: string): ZendeskEvent {
  return { type, read: (webhook) => ({ ...readDeed(webhook), changes: [{ field, to }] }) };
}

function readTagChange(webhook: Webhook): Partial<EventFacts> {
  const from = readLines(webhook.event, 'tags_removed').join(', ') || undefined;
  const to = readLines(webhook.event, 'tags_added').join(', ') || undefined;
  return { ...readDeed(webhook), changes: [omitUndefined<Change>({ field: 'tags', from, to })] };
}

function readMerger(webhook: Webhook): Partial<EventFacts> {
  const to = readLine(webhook.event, 'target_ticket_id');
  return { ...readDeed(webhook), changes: [omitUndefined<Change>({ field: 'merged_into', to })] };
}

/** @returns a value as text; fields that hold several are lists, boxes to tick are flags */
function readChanged(event: Payload, name: string): string | undefined {
  const value = readValue(event, name);
  if (typeof value === 'boolean') return String(value);
  return asLine(value) ?? (readLines(event, name).join(', ') || undefined);
}
