const PERSON_PARTS = ['id', 'name', 'email'] as const;

function personFields(path: string): string[] {
  return PERSON_PARTS.map((part) => `${path}.${part}`);
}

/** What a mapping can fill, beside custom fields and changes. */
const FIELDS: ReadonlySet<string> = new Set([
  ...['type', 'native_type', 'occurred_at', 'deduplication_key'],
  ...['key', 'number', 'title', 'url', 'status', 'priority', 'group', 'category', 'platform', 'tags'].map(
    (part) => `ticket.${part}`,
  ),
  ...personFields('ticket.assignee'),
  ...personFields('ticket.requester'),
  ...personFields('actor'),
  'actor.kind',
  ...personFields('person'),
  ...['message.id', 'message.text', 'message.is_internal'],
]);

const CUSTOM = 'ticket.custom.';
const LONGEST_CUSTOM_NAME = 100;
const CHANGE = /^changes\.([a-z][a-z0-9_]{0,49})\.(from|to)$/;

/** One end of a change. */
interface ChangeEnd {
  field: string;
  end: 'from' | 'to';
}

/** @returns whether a mapping may fill a field, named by its path in the TicketEvent's JSON */
export function isMappable(field: string): boolean {
  return FIELDS.has(field) || customNameOf(field) !== undefined || changeOf(field) !== undefined;
}

/** @returns `Order no.` of `ticket.custom.Order no.`; undefined for every other field */
export function customNameOf(field: string): string | undefined {
  if (!field.startsWith(CUSTOM)) return undefined;
  const name = field.slice(CUSTOM.length);
  return name.trim() === '' || name.length > LONGEST_CUSTOM_NAME ? undefined : name;
}

/** @returns which end of which change `changes.status.from` is; undefined for every other field */
export function changeOf(field: string): ChangeEnd | undefined {
  const [, name, end] = CHANGE.exec(field) ?? [];
  return name === undefined ? undefined : { field: name, end: end === 'from' ? 'from' : 'to' };
}
