import type { SourceSettings } from '../../../ticket-event/provider-adapter.js';
import type { Person, Ticket } from '../../../ticket-event/ticket-event.js';
import { isEmail, makePerson } from '../../make-person.js';
import { omitUndefined } from '../../omit-undefined.js';
import { asLine, asPayload, type Payload, readLine, readValue } from '../../read-payload.js';
import { readWebAddress } from '../../read-web-address.js';
import { encodePart, helpdeskPage } from './helpdesk-page.js';
import { readTerm, SERVICENOW_INCIDENT_STATES, SERVICENOW_PRIORITIES } from './vocabulary.js';

/** A field as it is stored and as it is shown, as far as the script sent either. */
interface Field {
  value: string | undefined;
  display: string | undefined;
}

const SYS_ID = /^[0-9a-f]{32}$/i;
const INCIDENT = 'incident';
/** The tables that tickets come from, by how their numbers begin. */
const TABLES: ReadonlyMap<string | undefined, string> = new Map([
  ['INC', INCIDENT],
  ['PRB', 'problem'],
  ['CHG', 'change_request'],
  ['REQ', 'sc_request'],
  ['RITM', 'sc_req_item'],
  ['SCTASK', 'sc_task'],
]);
const NUMBER_PREFIX = /^[A-Z]+/;
const TABLE_NAME = /^\w{1,80}$/;

/** @returns undefined where the payload does not say which record it is about */
export function readServiceNowTicket(record: Payload, source: SourceSettings): Ticket | undefined {
  const sysId = readField(record, 'sys_id').value;
  const number = readShown(record, 'number');
  const key = sysId ?? number;
  if (key === undefined) return undefined;
  return omitUndefined<Ticket>({
    key,
    number,
    title: readShown(record, 'short_description'),
    url: readLink(record) ?? readPage(record, sysId, source),
    status: readState(record, 'state', tableOf(record)),
    priority: readPriority(record, 'priority') ?? lookUpPriority(record),
    group: readShown(record, 'assignment_group'),
    category: readShown(record, 'category'),
    platform: 'servicenow',
    assignee: readServiceNowPerson(record, 'assigned_to'),
    requester: readServiceNowPerson(record, 'caller_id'),
    tags: [],
    custom: {},
  });
}

/** @returns what a field shows to people, where the script sent that, else what it stores */
export function readShown(record: Payload, name: string): string | undefined {
  const { value, display } = readField(record, name);
  return display ?? value;
}

/** @returns what a field stores, which is the same however it is shown */
export function readStored(record: Payload, name: string): string | undefined {
  const { value, display } = readField(record, name);
  return value ?? display;
}

/** @returns an incident's state by its name; other tables number theirs otherwise, so there it is as it came */
export function readState(record: Payload, name: string, table: string): Ticket['status'] {
  const shown = readShown(record, name);
  if (table === INCIDENT) return readTerm(shown, SERVICENOW_INCIDENT_STATES);
  return shown === undefined ? undefined : { native: shown };
}

export function readPriority(record: Payload, name: string): Ticket['priority'] {
  return readTerm(readShown(record, name), SERVICENOW_PRIORITIES);
}

/** Somebody is a sys_id, a name, an address, or a reference with both id and name. */
export function readServiceNowPerson(record: Payload, name: string): Person | undefined {
  const { value, display } = readField(record, name);
  if (value === undefined) return makePerson({ name: display });
  if (SYS_ID.test(value)) return makePerson({ id: value, name: display });
  return makePerson(isEmail(value) ? { name: display, email: value } : { name: display ?? value });
}

/** References, and all fields that a script asked for with their display values, are objects. */
function readField(record: Payload, name: string): Field {
  const value = readValue(record, name);
  const reference = asPayload(value);
  if (!reference) return { value: asLine(value), display: undefined };
  return { value: readLine(reference, 'value'), display: readLine(reference, 'display_value') };
}

/** What ServiceNow computes unless it is told otherwise: impact and urgency of 1 are critical, of 3 planning. */
function lookUpPriority(record: Payload): Ticket['priority'] {
  const sum = Number(readField(record, 'impact').value) + Number(readField(record, 'urgency').value);
  return Number.isNaN(sum)
    ? undefined
    : readTerm(SERVICENOW_PRIORITIES.codes.get(String(sum - 1)), SERVICENOW_PRIORITIES);
}

/** @returns the table that a record lies in: what the script says, else what the record's number begins with */
export function tableOf(record: Payload): string {
  const named = readShown(record, 'table') ?? readShown(record, 'sys_class_name') ?? '';
  const prefix = NUMBER_PREFIX.exec(readShown(record, 'number') ?? '')?.[0];
  return TABLE_NAME.test(named) ? named.toLowerCase() : (TABLES.get(prefix) ?? INCIDENT);
}

/** Scripts may send a link of their own making. */
function readLink(record: Payload): string | undefined {
  return readWebAddress(readValue(record, 'url')) ?? readWebAddress(readValue(record, 'link'));
}

/** https://www.servicenow.com/docs/: `nav_to.do` shows a record within the frame that agents work in. */
function readPage(record: Payload, sysId: string | undefined, source: SourceSettings): string | undefined {
  if (sysId === undefined) return undefined;
  return helpdeskPage(source, `/nav_to.do?uri=${encodePart(`${tableOf(record)}.do?sys_id=${sysId}`)}`);
}
