import { TICKET_EVENT_TYPES, type TicketEventDraft } from '../../ticket-event/ticket-event.js';
import { parseUrl } from '../../ticket-event/parse-url.js';

type Check = (value: unknown, at: string) => void;

const ACTOR_KINDS = ['agent', 'customer', 'system', 'unknown'];
const STATUSES = ['open', 'pending', 'solved', 'closed'];
const PRIORITIES = ['low', 'medium', 'high', 'urgent'];

const filled: Check = (value, at) => {
  if (typeof value !== 'string' || value.trim() === '') fail(at, 'is not a string with something in it');
};
const text: Check = (value, at) => {
  if (typeof value !== 'string') fail(at, 'is not a string');
};
const flag: Check = (value, at) => {
  if (typeof value !== 'boolean') fail(at, 'is not a boolean');
};
const time: Check = (value, at) => {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) fail(at, 'is not a valid Date');
};
const webAddress: Check = (value, at) => {
  filled(value, at);
  if (!/^https?:$/.test(parseUrl(value as string)?.protocol ?? '')) fail(at, 'is not http(s)');
};

const person = { id: filled, name: filled, email: filled };
const PERSON: Check = (value, at) => {
  fields({}, person)(value, at);
  if (Object.keys(value as object).length === 0) fail(at, 'says nothing about the person');
};
const TICKET = fields(
  { key: filled, tags: listOf(filled), custom: mapOf(text) },
  {
    number: filled,
    title: filled,
    url: webAddress,
    status: fields({ native: filled }, { normal: oneOf(STATUSES) }),
    priority: fields({ native: filled }, { normal: oneOf(PRIORITIES) }),
    group: filled,
    category: filled,
    platform: filled,
    assignee: PERSON,
    requester: PERSON,
  },
);
const object: Check = (value, at) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(at, 'is not an object');
};

const NEW_TICKET = fields(
  {
    title: filled,
    description: filled,
    category: filled,
    priority: oneOf(PRIORITIES),
    userId: text,
    userEmail: text,
    metadata: object,
  },
  { key: filled },
);

const DRAFT = fields(
  {
    type: oneOf(TICKET_EVENT_TYPES),
    nativeType: filled,
    changes: listOf(fields({ field: filled }, { from: text, to: text })),
    identity: (value, at) => {
      const isNone = (value as { kind?: unknown } | null)?.kind === 'none';
      fields(isNone ? { kind: filled } : { kind: oneOf(['delivery_id', 'content']), value: filled }, {})(value, at);
    },
  },
  {
    occurredAt: time,
    ticket: TICKET,
    person: PERSON,
    actor: fields({ kind: oneOf(ACTOR_KINDS) }, person),
    message: fields({ text, isInternal: flag }, { id: filled }),
    opens: NEW_TICKET,
  },
);

/**
 * Holds a draft against the contract more strictly than the compiler can: no field too many, none undefined, none
 * blank, every link http(s), every date a moment.
 *
 * @throws Error that names the first field that breaks it
 */
export function assertTicketEventDraft(draft: unknown): asserts draft is TicketEventDraft {
  DRAFT(draft, 'draft');
}

function fail(at: string, problem: string): never {
  throw new Error(`${at} ${problem}`);
}

function fields(required: Record<string, Check>, optional: Record<string, Check>): Check {
  const checks = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(at, 'is not an object');
    for (const name of Object.keys(required)) {
      if (!Object.hasOwn(value, name)) fail(`${at}.${name}`, 'is missing');
    }
    for (const [name, item] of Object.entries(value)) {
      const check = checks.get(name) ?? fail(`${at}.${name}`, 'is not in the contract');
      check(item, `${at}.${name}`);
    }
  };
}

function oneOf(values: readonly string[]): Check {
  return (value, at) => {
    if (!values.includes(value as string)) fail(at, `is none of ${values.join(', ')}`);
  };
}

function listOf(check: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) fail(at, 'is not a list');
    value.forEach((item, index) => {
      check(item, `${at}[${index}]`);
    });
  };
}

function mapOf(check: Check): Check {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(at, 'is not an object');
    for (const [name, item] of Object.entries(value)) check(item, `${at}.${name}`);
  };
}
