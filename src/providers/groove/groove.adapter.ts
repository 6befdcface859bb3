import { Injectable } from '@nestjs/common';
import { InvalidPayloadError, MissingEventNameError, UnsupportedEventError } from '../../ticket-event/errors.js';
import type { InboundRequest, ProviderAdapter, SourceAccess } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { Change, TicketEventDraft, TicketEventType } from '../../ticket-event/ticket-event.js';
import { contentIdentity } from '../content-identity.js';
import { omitUndefined } from '../omit-undefined.js';
import { asPayload, type Payload, readValue } from '../read-payload.js';
import { readTime } from '../read-time.js';
import { GrooveEnricher } from './groove.enricher.js';
import type { AuthorKind } from './groove.links.js';
import {
  readAuthor,
  readCloser,
  readFirstMessage,
  readMessage,
  readProfile,
  readTicket,
  readTicketOfMessage,
  readTicketPayload,
} from './groove.payload.js';
import { GrooveSubscriptions } from './groove.subscriptions.js';

/** What an event's payload says; the rest of a draft is the same for all events. */
type EventFacts = Omit<TicketEventDraft, 'type' | 'nativeType' | 'occurredAt' | 'identity'>;

interface GrooveEvent {
  type: TicketEventType;
  /** The fields that may say when it happened, the best first. */
  times: readonly Instant[];
  read(body: Payload): EventFacts;
}

type TicketField = 'status' | 'priority' | 'tags' | 'assignee' | 'group' | 'category';

/** Proxies may drop the underscore spelling; both are in use. */
const EVENT_HEADERS = ['x-groove-event', 'x_groove_event'] as const;
/** In the hook URL, for those whose proxy drops the header: Groove is told a URL for each event anyway. */
const EVENT_PARAMETER = 'event';

/** Every instant that Groove writes into a payload, and by which two happenings of one kind differ. */
const INSTANTS = ['created_at', 'updated_at', 'state_changed_at', 'assigned_at', 'deleted_at'] as const;
type Instant = (typeof INSTANTS)[number];

const CREATED: readonly Instant[] = ['created_at'];
const UPDATED: readonly Instant[] = ['updated_at'];
const DELETED: readonly Instant[] = ['deleted_at', 'updated_at'];
const STATE_CHANGED: readonly Instant[] = ['state_changed_at', 'updated_at'];

/**
 * The fourteen events of https://www.groovehq.com/docs/webhooks and `ticket_state_changed`, which Groove sends too.
 */
const EVENTS: ReadonlyMap<string, GrooveEvent> = new Map<string, GrooveEvent>([
  ['ticket_started', { type: 'ticket.created', times: CREATED, read: readStarted }],
  ['ticket_opened', { type: 'ticket.opened', times: STATE_CHANGED, read: ticketEvent(['status']) }],
  ['ticket_closed', { type: 'ticket.closed', times: STATE_CHANGED, read: readClosed }],
  ['ticket_state_changed', { type: 'ticket.status_changed', times: STATE_CHANGED, read: ticketEvent(['status']) }],
  ['ticket_assigned', { type: 'ticket.assigned', times: UPDATED, read: ticketEvent(['assignee', 'group']) }],
  ['ticket_priority_changed', { type: 'ticket.priority_changed', times: UPDATED, read: ticketEvent(['priority']) }],
  ['ticket_deleted', { type: 'ticket.deleted', times: DELETED, read: ticketEvent([]) }],
  ['ticket_tagged', { type: 'ticket.tagged', times: UPDATED, read: ticketEvent(['tags']) }],
  ['ticket_moved', { type: 'ticket.moved', times: UPDATED, read: ticketEvent(['category']) }],
  ['customer_replied', { type: 'message.customer_replied', times: CREATED, read: messageEvent('customer', false) }],
  ['agent_replied', { type: 'message.agent_replied', times: CREATED, read: messageEvent('agent', false) }],
  ['note_added', { type: 'message.note_added', times: CREATED, read: messageEvent('agent', true) }],
  ['customer_added', { type: 'customer.created', times: CREATED, read: profileEvent('customer') }],
  ['agent_invited', { type: 'agent.invited', times: CREATED, read: profileEvent('agent') }],
  ['agent_archived', { type: 'agent.archived', times: UPDATED, read: profileEvent('agent') }],
]);

/** Groove's webhooks: https://www.groovehq.com/docs/webhooks */
@Injectable()
export class GrooveAdapter implements ProviderAdapter {
  readonly provider = 'groove';
  readonly nativeTypes: readonly string[] = [...EVENTS.keys()];

  constructor(
    private readonly enricher: GrooveEnricher,
    readonly subscriptions: GrooveSubscriptions,
  ) {}

  normalise(request: InboundRequest): TicketEventDraft[] {
    const nativeType = readEventName(request);
    const event = EVENTS.get(nativeType);
    if (!event) throw new UnsupportedEventError(nativeType);
    const body = asPayload(request.body);
    if (!body) throw new InvalidPayloadError('The body is not an object.');
    const facts = event.read(body);
    const instants = readInstants(body);
    const occurredAt = event.times.map((name) => instants[name]).find((time) => time !== undefined);
    // What is shown, and when it changed: counters and the like do not make a second delivery another happening.
    const identity = contentIdentity([nativeType, facts, instants]);
    return [omitUndefined<TicketEventDraft>({ type: event.type, nativeType, occurredAt, ...facts, identity })];
  }

  enrich(event: TicketEventDocument, source: SourceAccess): Promise<TicketEventDocument> {
    return this.enricher.enrich(event, source);
  }
}

/** @throws MissingEventNameError */
function readEventName({ headers, query }: InboundRequest): string {
  const values = [...EVENT_HEADERS.map((name) => readValue(headers, name)), readValue(query, EVENT_PARAMETER)];
  for (const value of values) {
    // A header that was sent twice arrives joined by a comma.
    const name = typeof value === 'string' ? (value.split(',', 1)[0] ?? '').trim() : '';
    if (name !== '') return name;
  }
  throw new MissingEventNameError('the X-Groove-Event header');
}

function readInstants(body: Payload): Partial<Record<Instant, Date>> {
  const { ticket } = readTicketPayload(body);
  const instants: Partial<Record<Instant, Date>> = {};
  for (const name of INSTANTS) {
    const time = readTime(readValue(ticket, name));
    if (time) instants[name] = time;
  }
  return instants;
}

/** @param changed the fields whose new values the event is about */
function ticketEvent(changed: readonly TicketField[]): GrooveEvent['read'] {
  return (body) => {
    const ticket = readTicket(readTicketPayload(body));
    if (!ticket)
      throw new InvalidPayloadError('The payload does not say which ticket it is about: a ticket number is missing.');
    const values: Record<TicketField, string | undefined> = {
      status: ticket.status?.native,
      priority: ticket.priority?.native,
      tags: ticket.tags.join(', ') || undefined,
      assignee: ticket.assignee?.email ?? ticket.assignee?.name ?? ticket.assignee?.id,
      group: ticket.group,
      category: ticket.category,
    };
    const changes = changed.flatMap((field): Change[] => {
      const to = values[field];
      return to === undefined ? [] : [{ field, to }];
    });
    return { ticket, changes };
  };
}

function readStarted(body: Payload): EventFacts {
  const message = readFirstMessage(readTicketPayload(body));
  return omitUndefined<EventFacts>({ message, ...ticketEvent([])(body) });
}

function readClosed(body: Payload): EventFacts {
  const actor = readCloser(readTicketPayload(body));
  return omitUndefined<EventFacts>({ actor, ...ticketEvent(['status'])(body) });
}

/** A message that names no ticket is still worth showing: its event has no ticket then. */
function messageEvent(author: AuthorKind, isNote: boolean): GrooveEvent['read'] {
  return (body) => {
    const ticket = readTicketOfMessage(body);
    const message = readMessage(body, isNote);
    if (!ticket && message.text === '') {
      throw new InvalidPayloadError('The payload says nothing: a ticket link and a message body are missing.');
    }
    return omitUndefined<EventFacts>({ ticket, actor: readAuthor(body, author), message, changes: [] });
  };
}

function profileEvent(kind: AuthorKind): GrooveEvent['read'] {
  return (body) => {
    const person = readProfile(body);
    if (!person)
      throw new InvalidPayloadError(
        `The payload does not say which ${kind} it is about: a name or an email is missing.`,
      );
    return { person, changes: [] };
  };
}
