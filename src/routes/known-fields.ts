import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';

/** What stands at a path: something to compare, or something that only has parts. */
type FieldKind = 'value' | 'parts';

/** The parts of a group; `ANY_NAME` where the helpdesk chooses the names. Lists count as what they are lists of. */
type Shape<T> = T extends string | number | boolean
  ? 'value'
  : T extends readonly (infer Element)[]
    ? Shape<Element>
    : string extends keyof T
      ? typeof ANY_NAME
      : { readonly [Part in keyof T]-?: Shape<NonNullable<T[Part]>> };

type AnyShape = 'value' | typeof ANY_NAME | { readonly [part: string]: AnyShape };

const ANY_NAME = Symbol('any name');
const PERSON = { id: 'value', name: 'value', email: 'value' } as const;
const TERM = { native: 'value', normal: 'value' } as const;

/** The contract as data. The compiler refuses it when a field is missing or too many. */
const EVENT: Shape<TicketEventDocument> = {
  id: 'value',
  type: 'value',
  native_type: 'value',
  source: { id: 'value', provider: 'value', name: 'value' },
  occurred_at: 'value',
  received_at: 'value',
  deduplication_key: 'value',
  ticket: {
    key: 'value',
    number: 'value',
    title: 'value',
    url: 'value',
    status: TERM,
    priority: TERM,
    group: 'value',
    category: 'value',
    platform: 'value',
    assignee: PERSON,
    requester: PERSON,
    tags: 'value',
    custom: ANY_NAME,
  },
  person: PERSON,
  actor: { ...PERSON, kind: 'value' },
  message: { id: 'value', text: 'value', is_internal: 'value' },
  changes: { field: 'value', from: 'value', to: 'value' },
};

/** A path that the contract knows. */
export interface KnownField {
  kind: FieldKind;
  /** The property names to follow. The name of a custom field is one of them, dots and all. */
  path: readonly string[];
  /** For `parts`: the paths one level further down, as far as the contract names them. */
  parts: readonly string[];
}

/** @returns whether a path leads somewhere in a TicketEventDocument, be it a value, a list, or a group such as `ticket.assignee` */
export function isKnownField(field: string): boolean {
  return findField(field) !== undefined;
}

/** @returns what the contract says of a path; undefined where it knows nothing of it */
export function findField(field: string): KnownField | undefined {
  const names = field.split('.');
  let shape: AnyShape = EVENT;
  for (const [index, name] of names.entries()) {
    if (shape === 'value') return undefined;
    if (shape === ANY_NAME) return customField(names.slice(0, index), names.slice(index).join('.'));
    if (!Object.hasOwn(shape, name)) return undefined;
    const part: AnyShape | undefined = shape[name];
    if (part === undefined) return undefined;
    shape = part;
  }
  if (shape === 'value') return { kind: 'value', path: names, parts: [] };
  const parts = shape === ANY_NAME ? [`${field}.<name>`] : Object.keys(shape).map((part) => `${field}.${part}`);
  return { kind: 'parts', path: names, parts };
}

function customField(group: readonly string[], name: string): KnownField | undefined {
  return name === '' ? undefined : { kind: 'value', path: [...group, name], parts: [] };
}
