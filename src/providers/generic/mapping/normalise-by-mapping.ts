import { InvalidPayloadError, UnsupportedEventError } from '../../../ticket-event/errors.js';
import type { InboundRequest } from '../../../ticket-event/provider-adapter.js';
import type {
  Actor,
  Change,
  Message,
  NewTicket,
  NormalPriority,
  Person,
  Ticket,
  TicketEventDraft,
} from '../../../ticket-event/ticket-event.js';
import { contentIdentity } from '../../content-identity.js';
import { makePerson } from '../../make-person.js';
import { omitUndefined } from '../../omit-undefined.js';
import { type Payload, readFlag, readLine, readText, readValue } from '../../read-payload.js';
import { toMarkdown } from '../../read-markup.js';
import { readTime } from '../../read-time.js';
import { readWebAddress } from '../../read-web-address.js';
import { actorKindOf, eventTypeOf, priorityOf, speaksForItself, statusOf, tagsOf } from './mapped-words.js';
import { changeOf, customNameOf } from './mapping-fields.js';
import { renderMapping } from './render-mapping.js';

type EventType = TicketEventDraft['type'];

const DEFAULT_TYPE: EventType = 'ticket.created';
const DEFAULT_CATEGORY = 'general';
const DEFAULT_PRIORITY: NormalPriority = 'medium';
const PLATFORM = 'custom';

const AUTHORS: Partial<Record<EventType, Actor['kind']>> = {
  'message.customer_replied': 'customer',
  'message.agent_replied': 'agent',
  'message.note_added': 'agent',
};

/**
 * Makes one TicketEvent of a webhook whose source describes its own fields. Pure.
 *
 * @param mapping `settings.mapping` of the source: TicketEvent field → Liquid template over `body` and `headers`
 * @throws UnsupportedEventError where the template of `type` writes none of our types
 * @throws InvalidPayloadError where a template cannot be rendered within its limits, or all of them have nothing to say
 */
export function normaliseByMapping(request: InboundRequest, mapping: unknown): TicketEventDraft[] {
  const mapped = renderMapping(mapping, request);
  const type = readType(mapped);
  const ticket = readTicket(mapped);
  const message = readMessage(mapped, type);
  const person = readPerson(mapped, 'person');
  const actor = readActor(mapped, type);
  if (!ticket && !message && !person && !speaksForItself(type)) {
    throw new InvalidPayloadError('The mapping finds nothing to say: its ticket.key and message.text came out blank.');
  }
  return [
    omitUndefined<TicketEventDraft>({
      type,
      nativeType: readLine(mapped, 'native_type') ?? type,
      occurredAt: readTime(readValue(mapped, 'occurred_at')),
      ticket,
      person,
      actor,
      message,
      changes: readChanges(mapped),
      opens: type === 'ticket.created' && ticket ? newTicketOf(ticket, message, actor) : undefined,
      identity: identityOf(mapped, type),
    }),
  ];
}

/**
 * The system keeps the ticket and goes on calling it by its own key, so the store's ticket has that as well.
 *
 * @returns undefined where neither title nor text is known: there would be nothing in it
 */
function newTicketOf(ticket: Ticket, message: Message | undefined, actor: Actor | undefined): NewTicket | undefined {
  const title = ticket.title ?? (message?.text.trim().split('\n', 1)[0] || undefined);
  if (title === undefined) return undefined;
  const requester = ticket.requester ?? (actor?.kind === 'customer' ? actor : undefined);
  return {
    key: ticket.key,
    title,
    description: message?.text || title,
    category: ticket.category ?? DEFAULT_CATEGORY,
    priority: ticket.priority?.normal ?? DEFAULT_PRIORITY,
    userId: requester?.id ?? '',
    userEmail: requester?.email ?? '',
    metadata: { ...ticket.custom, external_id: ticket.key, platform: ticket.platform ?? PLATFORM, source: 'webhook' },
  };
}

function readType(mapped: Payload): EventType {
  const name = readLine(mapped, 'type');
  if (name === undefined) return DEFAULT_TYPE;
  const type = eventTypeOf(name);
  if (!type) throw new UnsupportedEventError(name);
  return type;
}

/** Without a key there is nothing that the ticket's events have in common. */
function readTicket(mapped: Payload): Ticket | undefined {
  const line = (part: string): string | undefined => readLine(mapped, `ticket.${part}`);
  const key = line('key');
  if (key === undefined) return undefined;
  const status = line('status');
  const priority = line('priority');
  return omitUndefined<Ticket>({
    key,
    number: line('number'),
    title: line('title'),
    url: readWebAddress(line('url')),
    status: status === undefined ? undefined : statusOf(status),
    priority: priority === undefined ? undefined : priorityOf(priority),
    group: line('group'),
    category: line('category'),
    platform: line('platform'),
    assignee: readPerson(mapped, 'ticket.assignee'),
    requester: readPerson(mapped, 'ticket.requester'),
    tags: tagsOf(line('tags') ?? ''),
    custom: readCustom(mapped),
  });
}

function readCustom(mapped: Payload): Record<string, string> {
  const fields = Object.keys(mapped).flatMap((field): [string, string][] => {
    const name = customNameOf(field);
    const value = readLine(mapped, field);
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(fields);
}

function readPerson(mapped: Payload, path: string): Person | undefined {
  const line = (part: string): string | undefined => readLine(mapped, `${path}.${part}`);
  return makePerson({ id: line('id'), name: line('name'), email: line('email') });
}

function readActor(mapped: Payload, type: EventType): Actor | undefined {
  const person = readPerson(mapped, 'actor');
  const kind = actorKindOf(readLine(mapped, 'actor.kind') ?? '');
  if (!person && !kind) return undefined;
  return { ...person, kind: kind ?? AUTHORS[type] ?? 'unknown' };
}

function readMessage(mapped: Payload, type: EventType): Message | undefined {
  const written = readText(mapped, 'message.text') ?? '';
  const text = toMarkdown(written) ?? '';
  const id = readLine(mapped, 'message.id');
  if (text === '' && id === undefined) return undefined;
  const isInternal = readFlag(mapped, 'message.is_internal') ?? type === 'message.note_added';
  return omitUndefined<Message>({ id, text, isInternal });
}

/** What is the same before and after is no change: systems send the old value with every event. */
function readChanges(mapped: Payload): Change[] {
  const changes = new Map<string, Change>();
  for (const field of Object.keys(mapped)) {
    const part = changeOf(field);
    const value = readLine(mapped, field);
    if (!part || value === undefined) continue;
    const change: Change = changes.get(part.field) ?? { field: part.field };
    change[part.end] = value;
    changes.set(part.field, change);
  }
  return [...changes.values()].filter(({ from, to }) => from !== to);
}

function identityOf(mapped: Payload, type: EventType): TicketEventDraft['identity'] {
  const deliveryId = readLine(mapped, 'deduplication_key');
  if (deliveryId !== undefined) return { kind: 'delivery_id', value: deliveryId };
  return type === 'ping' ? { kind: 'none' } : contentIdentity(mapped);
}
