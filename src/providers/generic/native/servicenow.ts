import { InvalidPayloadError } from '../../../ticket-event/errors.js';
import type { Actor, Change, Ticket, TicketEventType } from '../../../ticket-event/ticket-event.js';
import { messageType } from '../../message-type.js';
import { omitUndefined } from '../../omit-undefined.js';
import { readMarkup } from '../../read-markup.js';
import { type Payload, readLine, readPayload, readValue } from '../../read-payload.js';
import { readTime } from '../../read-time.js';
import type { GenericReader } from '../generic-reader.js';
import { type EventFacts, makeDrafts, nativeTypeOf } from './native-drafts.js';
import {
  readPriority,
  readServiceNowPerson,
  readServiceNowTicket,
  readShown,
  readState,
  readStored,
  tableOf,
} from './servicenow-record.js';

interface ChangeKind {
  type: TicketEventType;
  /** ServiceNow's name of the field. */
  name: string;
  /** Ours. */
  field: string;
  read: (record: Payload, name: string, table: string) => string | undefined;
}

const PLATFORM = 'servicenow';
/** ServiceNow's own words for what is done to a record, and for the two journals of a ticket. */
const INSERT = nativeTypeOf(PLATFORM, 'insert');
const UPDATE = nativeTypeOf(PLATFORM, 'update');
const DELETE = nativeTypeOf(PLATFORM, 'delete');
const COMMENTS = nativeTypeOf(PLATFORM, 'comments');
const WORK_NOTES = nativeTypeOf(PLATFORM, 'work_notes');

export const SERVICENOW_NATIVE_TYPES: readonly string[] = [INSERT, UPDATE, DELETE, COMMENTS, WORK_NOTES];

/** Where scripts write what happened, in whatever words. */
const EVENT_FIELDS = ['event', 'action', 'operation'];
const CREATED = /insert|creat|^new$/i;
const DELETED = /delet/i;
/** `comment.created` and the like. */
const OF_MESSAGE = /comment|note/i;

const CHANGES: readonly ChangeKind[] = [
  {
    type: 'ticket.status_changed',
    name: 'state',
    field: 'status',
    read: (record, name, table) => readState(record, name, table)?.native,
  },
  {
    type: 'ticket.priority_changed',
    name: 'priority',
    field: 'priority',
    read: (record, name) => readPriority(record, name)?.native,
  },
  { type: 'ticket.assigned', name: 'assigned_to', field: 'assignee', read: readShown },
  { type: 'ticket.group_changed', name: 'assignment_group', field: 'group', read: readShown },
];

/**
 * What scripts of ServiceNow post, which has no webhooks of its own: the fields of a record under their own names. What
 * has a title is a ticket form, whoever sends it.
 */
export const readServiceNow: GenericReader = (body, _request, source) => {
  const has = (name: string): boolean => readValue(body, name) !== undefined;
  if (readLine(body, 'title') !== undefined || readLine(body, 'subject') !== undefined) return undefined;
  if (!has('short_description') && !(has('sys_id') && has('number'))) return undefined;
  const ticket = readServiceNowTicket(body, source);
  if (!ticket) throw new InvalidPayloadError('The payload names no record: sys_id or number is missing.');
  const facts = readEvents(body, ticket);
  const [opened, created, updated] = ['opened_at', 'sys_created_on', 'sys_updated_on'].map((name) =>
    readTime(readStored(body, name)),
  );
  const occurredAt = facts[0]?.nativeType === INSERT ? (opened ?? created) : updated;
  return makeDrafts(facts, { occurredAt, marks: [PLATFORM, opened, updated, readStored(body, 'sys_mod_count')] });
};

function readEvents(record: Payload, ticket: Ticket): EventFacts[] {
  const word = EVENT_FIELDS.map((name) => readLine(record, name)).find((line) => line !== undefined);
  const says = (what: RegExp): boolean => word !== undefined && what.test(word) && !OF_MESSAGE.test(word);
  if (says(DELETED)) return [about(record, ticket, 'ticket.deleted', DELETE)];
  const updates = [...readChanges(record, ticket), ...readMessages(record, ticket)];
  const isNew = word === undefined ? updates.length === 0 && !wasModified(record) : says(CREATED);
  if (isNew) return [readInsert(record, ticket)];
  return updates.length > 0 ? updates : [about(record, ticket, 'ticket.updated', UPDATE)];
}

/** A record counts its updates. */
function wasModified(record: Payload): boolean {
  return Number(readStored(record, 'sys_mod_count') ?? 0) > 0;
}

function readInsert(record: Payload, ticket: Ticket): EventFacts {
  const text = readMarkup(record, 'description');
  return omitUndefined<EventFacts>({
    type: 'ticket.created',
    nativeType: INSERT,
    ticket,
    actor: readActor(record, 'opened_by', ticket) ?? readActor(record, 'sys_created_by', ticket),
    message: text === undefined ? undefined : { text, isInternal: false },
    changes: [],
  });
}

function about(record: Payload, ticket: Ticket, type: TicketEventType, nativeType: string): EventFacts {
  const actor = readActor(record, 'sys_updated_by', ticket);
  return omitUndefined<EventFacts>({ type, nativeType, ticket, actor, changes: [] });
}

/** What a field was before stands in `previous_state` and the like, or under its own name in `previous`. */
function readChanges(record: Payload, ticket: Ticket): EventFacts[] {
  const previous = readPayload(record, 'previous');
  const table = tableOf(record);
  return CHANGES.flatMap(({ type, name, field, read }): EventFacts[] => {
    const beside = `previous_${name}`;
    const [before, nameBefore] = readValue(record, beside) === undefined ? [previous, name] : [record, beside];
    if (readValue(before, nameBefore) === undefined) return [];
    const from = read(before, nameBefore, table);
    const to = read(record, name, table);
    if (from === to || readStored(before, nameBefore) === readStored(record, name)) return [];
    return [{ ...about(record, ticket, type, UPDATE), changes: [omitUndefined<Change>({ field, from, to })] }];
  });
}

function readMessages(record: Payload, ticket: Ticket): EventFacts[] {
  const journals = [
    { name: 'comments', nativeType: COMMENTS, isInternal: false },
    { name: 'work_notes', nativeType: WORK_NOTES, isInternal: true },
  ];
  return journals.flatMap(({ name, nativeType, isInternal }): EventFacts[] => {
    const text = readMarkup(record, name);
    if (text === undefined) return [];
    const facts = about(record, ticket, 'message.note_added', nativeType);
    return [{ ...facts, type: messageType(facts.actor?.kind ?? 'unknown', isInternal), message: { text, isInternal } }];
  });
}

/** @returns somebody who did something to a record: whoever is not its caller works on it */
function readActor(record: Payload, name: string, { requester }: Ticket): Actor | undefined {
  const person = readServiceNowPerson(record, name);
  if (!person) return undefined;
  const isCaller = (['id', 'name', 'email'] as const).some(
    (field) => person[field] !== undefined && person[field] === requester?.[field],
  );
  return { ...person, kind: isCaller ? 'customer' : 'agent' };
}
