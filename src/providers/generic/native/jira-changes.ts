import type { Change, TicketEventType } from '../../../ticket-event/ticket-event.js';
import { omitUndefined } from '../../omit-undefined.js';
import { asPayload, type Payload, readLine, readList, readPayload } from '../../read-payload.js';

/** Changes of one kind, which make one event. */
interface Changes {
  type: TicketEventType;
  changes: Change[];
}

interface Kind {
  type: TicketEventType;
  /** What we call Jira's fields. */
  fields: ReadonlyMap<string, string>;
}

/** As many as the log keeps of an event. */
const MOST_CHANGES = 100;

/** In the order in which their events come out. */
const KINDS: readonly Kind[] = [
  kind('ticket.status_changed', ['status', 'status']),
  kind('ticket.priority_changed', ['priority', 'priority']),
  kind('ticket.assigned', ['assignee', 'assignee']),
  kind('ticket.owner_changed', ['reporter', 'owner']),
  kind('ticket.tagged', ['labels', 'tags']),
  kind('ticket.due_date_changed', ['duedate', 'due_date']),
  // An issue that moves gets another key.
  kind('ticket.moved', ['project', 'project'], ['key', 'number']),
];
const FIELDS_WITH_KIND: ReadonlySet<string> = new Set(KINDS.flatMap(({ fields }) => [...fields.keys()]));
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['summary', 'title'],
  ['issuetype', 'category'],
]);

/** @returns what the changelog of an update says; what has no type of its own is one `ticket.updated` */
export function readJiraChanges(body: Payload): Changes[] {
  const items = readList(readPayload(body, 'changelog'), 'items')
    .slice(0, MOST_CHANGES)
    .map((item) => asPayload(item) ?? {})
    .filter((item) => fieldOf(item) !== '');
  const kinds = KINDS.map(({ type, fields }) => ({ type, changes: pick(items, fields) }));
  const others = items.filter((item) => !FIELDS_WITH_KIND.has(fieldOf(item)));
  const updated = others.map((item) => readChange(item, OTHER_NAMES.get(fieldOf(item)) ?? fieldOf(item)));
  return [...kinds, { type: 'ticket.updated' as const, changes: updated }].filter(({ changes }) => changes.length > 0);
}

function kind(type: TicketEventType, ...fields: [string, string][]): Kind {
  return { type, fields: new Map(fields) };
}

function pick(items: readonly Payload[], fields: Kind['fields']): Change[] {
  return [...fields].flatMap(([name, field]) =>
    items.filter((item) => fieldOf(item) === name).map((item) => readChange(item, field)),
  );
}

/** Jira Cloud names the field by its id too; a custom field's name says more than that. Blank where neither is there. */
function fieldOf(item: Payload): string {
  return (readLine(item, 'field') ?? readLine(item, 'fieldId') ?? '').toLowerCase();
}

/** `from` and `to` are ids, where there are any; `toString` is a key like the others, not the method. */
function readChange(item: Payload, field: string): Change {
  return omitUndefined<Change>({
    field,
    from: readLine(item, 'fromString') ?? readLine(item, 'from'),
    to: readLine(item, 'toString') ?? readLine(item, 'to'),
  });
}
