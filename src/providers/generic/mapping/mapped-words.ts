import {
  type Actor,
  type NormalPriority,
  type NormalStatus,
  type Term,
  TICKET_EVENT_TYPES,
  type TicketEventType,
} from '../../../ticket-event/ticket-event.js';
import { asLine } from '../../read-payload.js';

/** `In_Progress`, `in-progress` and `in progress` are one word. */
const SEPARATORS = /[\s_-]+/g;
/** ServiceNow and its imitators number their choices: `1 - Critical`. */
const CHOICE_NUMBER = /^\d (?=\w)/;

const PRIORITIES = wordTable<NormalPriority>({
  low: ['low', 'lowest', 'very low', 'minor', 'trivial', 'planning', 'p4', 'p5'],
  medium: ['medium', 'normal', 'moderate', 'major', 'p3'],
  high: ['high', 'p2'],
  urgent: ['urgent', 'critical', 'highest', 'very high', 'emergency', 'immediate', 'blocker', 'p1', 'p0'],
});

const STATUSES = wordTable<NormalStatus>({
  open: [
    ...[
      'open',
      'opened',
      'reopened',
      'new',
      'created',
      'unread',
      'active',
      'assigned',
      'in progress',
      'work in progress',
    ],
    ...['to do', 'todo', 'backlog', 'triage', 'escalated', 'waiting for support'],
  ],
  pending: [
    ...['pending', 'on hold', 'hold', 'onhold', 'waiting', 'paused', 'deferred', 'snoozed', 'suspended'],
    ...['waiting for customer', 'waiting on customer', 'waiting on third party', 'awaiting customer', 'awaiting reply'],
  ],
  solved: ['solved', 'resolved', 'fixed', 'complete', 'completed'],
  closed: ['closed', 'done', 'cancelled', 'canceled', 'archived', 'spam', 'rejected', 'declined'],
});

const ACTOR_KINDS = wordTable<Actor['kind']>({
  agent: ['agent', 'staff', 'operator', 'admin', 'technician', 'support'],
  customer: ['customer', 'client', 'contact', 'requester', 'user', 'end user'],
  system: ['system', 'bot', 'automation', 'api'],
  unknown: ['unknown'],
});

const SPEAKING_TYPES: ReadonlySet<TicketEventType> = new Set(['service.available', 'service.unavailable', 'ping']);

function wordTable<Normal extends string>(words: Record<Normal, readonly string[]>): ReadonlyMap<string, Normal> {
  const entries = Object.entries(words) as [Normal, readonly string[]][];
  return new Map(entries.flatMap(([normal, spellings]) => spellings.map((spelling) => [spelling, normal])));
}

function normalise(text: string): string {
  return text.toLowerCase().replace(SEPARATORS, ' ').replace(CHOICE_NUMBER, '').trim();
}

function termOf<Normal extends string>(native: string, table: ReadonlyMap<string, Normal>): Term<Normal> {
  const normal = table.get(normalise(native));
  return normal === undefined ? { native } : { native, normal };
}

/** @returns the priority as written, with our name for it where the word is a usual one */
export function priorityOf(native: string): Term<NormalPriority> {
  return termOf(native, PRIORITIES);
}

/** @returns the status as written, with our name for it where the word is a usual one */
export function statusOf(native: string): Term<NormalStatus> {
  return termOf(native, STATUSES);
}

export function actorKindOf(text: string): Actor['kind'] | undefined {
  return ACTOR_KINDS.get(normalise(text));
}

/** @returns the type of that name, whatever its case */
export function eventTypeOf(text: string): TicketEventType | undefined {
  const name = text.trim().toLowerCase();
  return TICKET_EVENT_TYPES.find((type) => type === name);
}

/** @returns whether events of a type say by it alone all that they have to say */
export function speaksForItself(type: TicketEventType): boolean {
  return SPEAKING_TYPES.has(type);
}

/** @returns the tags of a JSON list, else of a text with commas; each once */
export function tagsOf(text: string): string[] {
  const elements = parseList(text) ?? text.split(',');
  const tags = elements.map(asLine).filter((tag) => tag !== undefined);
  return [...new Set(tags)];
}

function parseList(text: string): unknown[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    // A text that only begins like a list: `[vip], billing`.
    return undefined;
  }
}
