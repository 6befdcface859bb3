import { InvalidPayloadError, MissingEventNameError, UnsupportedEventError } from '../../../ticket-event/errors.js';
import type { Change, TicketEventType } from '../../../ticket-event/ticket-event.js';
import { messageType } from '../../message-type.js';
import { omitUndefined } from '../../omit-undefined.js';
import { readMarkup } from '../../read-markup.js';
import { asPayload, type Payload, readLine, readValue } from '../../read-payload.js';
import type { GenericReader } from '../generic-reader.js';
import { readFreshdeskComment, readFreshdeskTicket } from './freshdesk-ticket.js';
import { parseTriggeredEvent, type Trigger } from './freshdesk-trigger.js';
import { type EventFacts, makeDrafts, nativeTypeOf } from './native-drafts.js';
import { FRESHDESK_PRIORITIES, FRESHDESK_STATUSES, nameOf, readTerm } from './vocabulary.js';

interface FreshdeskEvent {
  /** How the trigger is spelled. */
  names: readonly string[];
  /** The words that its value may have, where it is one of several with the same name. */
  values?: readonly string[];
  nativeType: string;
  read(webhook: Payload, trigger: Trigger): Pick<EventFacts, 'type' | 'ticket' | 'changes' | 'actor' | 'message'>;
}

const PLATFORM = 'freshdesk';
const TRIGGER_FIELD = 'triggered_event';

/** One webhook may tell of several; they come out in this order. */
const EVENTS: readonly FreshdeskEvent[] = [
  {
    ...named('ticket_action.created', 'ticket_action'),
    values: ['created', 'create'],
    read: (webhook) => ({ ...about(webhook, 'ticket.created'), ...readFirstMessage(webhook) }),
  },
  {
    ...named('ticket_action.updated', 'ticket_action'),
    values: ['updated', 'update'],
    read: (webhook) => about(webhook, 'ticket.updated'),
  },
  {
    ...named('ticket_action.deleted', 'ticket_action'),
    values: ['deleted', 'delete'],
    read: (webhook) => about(webhook, 'ticket.deleted'),
  },
  { ...named('status', 'status'), read: readStatusChange },
  { ...named('priority', 'priority'), read: readPriorityChange },
  { ...named('responder_id', 'responder_id', 'responder', 'agent'), read: readAssignment },
  { ...named('group_id', 'group_id', 'group'), read: readGroupChange },
  { ...named('ticket_type', 'ticket_type', 'type'), read: changeOf('ticket.updated', 'category') },
  { ...named('due_by', 'due_by'), read: changeOf('ticket.due_date_changed', 'due_date') },
  { ...named('reply_sent', 'reply_sent'), read: (webhook) => readReply(webhook, false) },
  {
    ...named('note_type.public', 'note_type'),
    values: ['public'],
    read: (webhook) => readReply(webhook, false),
  },
  {
    ...named('note_type.private', 'note_type'),
    values: ['private'],
    read: (webhook) => readReply(webhook, true),
  },
];

export const FRESHDESK_NATIVE_TYPES: readonly string[] = EVENTS.map(({ nativeType }) => nativeType);

/**
 * What Freshdesk's automation rules post: under `freshdesk_webhook`, or without it where the admin wrote the content by
 * hand. That has no `title`, unlike a ticket form.
 */
export const readFreshdesk: GenericReader = (body) => {
  const wrapped = asPayload(readValue(body, 'freshdesk_webhook'));
  const webhook = wrapped ?? body;
  if (!wrapped && !isUnwrapped(body)) return undefined;
  const text = readLine(webhook, TRIGGER_FIELD);
  if (text === undefined) throw new MissingEventNameError(`the field ${TRIGGER_FIELD}`);
  const triggers = parseTriggeredEvent(text);
  const facts = EVENTS.flatMap((event): EventFacts[] => {
    const trigger = triggerOf(event, triggers);
    return trigger ? [{ nativeType: event.nativeType, ...event.read(webhook, trigger) }] : [];
  });
  if (facts.length === 0) {
    throw new UnsupportedEventError(nativeTypeOf(PLATFORM, triggers.keys().next().value ?? 'unreadable'));
  }
  // There is neither an id nor a time.
  return makeDrafts(facts, { marks: [PLATFORM, text] });
};

function isUnwrapped(body: Payload): boolean {
  const has = (name: string): boolean => readLine(body, name) !== undefined;
  return has(TRIGGER_FIELD) && has('ticket_id') && !has('title');
}

function named(name: string, ...names: string[]): Pick<FreshdeskEvent, 'nativeType' | 'names'> {
  return { nativeType: nativeTypeOf(PLATFORM, name), names };
}

function triggerOf({ names, values }: FreshdeskEvent, triggers: ReadonlyMap<string, Trigger>): Trigger | undefined {
  const trigger = names.map((name) => triggers.get(name)).find((found) => found !== undefined);
  const isMeant = values?.includes(trigger?.value?.toLowerCase() ?? '') ?? true;
  return isMeant ? trigger : undefined;
}

function about(
  webhook: Payload,
  type: TicketEventType,
): Pick<EventFacts, 'type' | 'changes'> & Required<Pick<EventFacts, 'ticket'>> {
  const ticket = readFreshdeskTicket(webhook);
  if (!ticket) throw new InvalidPayloadError('The payload names no ticket: ticket_id is missing.');
  return { type, ticket, changes: [] };
}

function readFirstMessage(webhook: Payload): Pick<EventFacts, 'message'> {
  const text = readMarkup(webhook, 'ticket_description');
  return text === undefined ? {} : { message: { text, isInternal: false } };
}

function changeOf(type: TicketEventType, field: string): FreshdeskEvent['read'] {
  return (webhook, { from, to, value }) => ({
    ...about(webhook, type),
    changes: [omitUndefined<Change>({ field, from, to: to ?? value })],
  });
}

function readStatusChange(webhook: Payload, { from, to }: Trigger): ReturnType<FreshdeskEvent['read']> {
  const { ticket, ...facts } = about(webhook, 'ticket.status_changed');
  const before = from === undefined ? undefined : nameOf(from, FRESHDESK_STATUSES);
  const now = statusNow(to, ticket.status?.native);
  const status = ticket.status ?? readTerm(now, FRESHDESK_STATUSES);
  return {
    ...facts,
    ticket: { ...ticket, ...(status && { status }) },
    changes: [omitUndefined<Change>({ field: 'status', from: before, to: now })],
  };
}

function readPriorityChange(webhook: Payload, { from, to }: Trigger): ReturnType<FreshdeskEvent['read']> {
  const { ticket, ...facts } = about(webhook, 'ticket.priority_changed');
  const [before, now] = [from, to].map((code) => readTerm(code, FRESHDESK_PRIORITIES));
  const priority = ticket.priority ?? now;
  return {
    ...facts,
    ticket: { ...ticket, ...(priority && { priority }) },
    changes: [omitUndefined<Change>({ field: 'priority', from: before?.native, to: now?.native })],
  };
}

/**
 * A helpdesk's own status comes as its number, and what it is called stands in the ticket: but not where the ticket names
 * one of the four that everybody has, since those have other numbers.
 */
function statusNow(code: string | undefined, current: string | undefined): string | undefined {
  if (code === undefined) return current;
  const isCommon = current !== undefined && [...FRESHDESK_STATUSES.codes.values()].includes(current);
  return FRESHDESK_STATUSES.codes.get(code) ?? (isCommon ? code : (current ?? code));
}

/** The trigger has ids, the ticket names, where the admin ticked them. */
function readAssignment(webhook: Payload, { from, to, value }: Trigger): ReturnType<FreshdeskEvent['read']> {
  const facts = about(webhook, 'ticket.assigned');
  const id = to ?? value;
  const known = facts.ticket.assignee;
  const assignee = known ?? (id === undefined ? undefined : { id });
  const now = known?.name ?? known?.email ?? id;
  return {
    ...facts,
    ticket: { ...facts.ticket, ...(assignee && { assignee }) },
    changes: [omitUndefined<Change>({ field: 'assignee', from, to: now })],
  };
}

function readGroupChange(webhook: Payload, { from, to, value }: Trigger): ReturnType<FreshdeskEvent['read']> {
  const facts = about(webhook, 'ticket.group_changed');
  const group = facts.ticket.group ?? to ?? value;
  return {
    ...facts,
    ticket: { ...facts.ticket, ...(group !== undefined && { group }) },
    changes: [omitUndefined<Change>({ field: 'group', from, to: group })],
  };
}

/** Customers see public notes, so those are replies. */
function readReply(webhook: Payload, isInternal: boolean): ReturnType<FreshdeskEvent['read']> {
  const facts = about(webhook, 'message.note_added');
  const { actor, text } = readFreshdeskComment(webhook, isInternal, facts.ticket);
  return { ...facts, type: messageType(actor.kind, isInternal), actor, message: { text, isInternal } };
}
