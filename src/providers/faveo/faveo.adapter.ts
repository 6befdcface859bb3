import { Injectable } from '@nestjs/common';
import { InvalidPayloadError, MissingEventNameError, UnsupportedEventError } from '../../ticket-event/errors.js';
import type {
  InboundRequest,
  ProviderAdapter,
  SourceAccess,
  SourceSettings,
} from '../../ticket-event/provider-adapter.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import type { Change, Person, Ticket, TicketEventDraft, TicketEventType } from '../../ticket-event/ticket-event.js';
import { contentIdentity } from '../content-identity.js';
import { messageType } from '../message-type.js';
import { omitUndefined } from '../omit-undefined.js';
import { asPayload, type Payload, readLine, readValue } from '../read-payload.js';
import { readTime } from '../read-time.js';
import { FaveoEnricher } from './faveo.enricher.js';
import { readId } from './faveo.names.js';
import {
  type FaveoWebhook,
  readDueDate,
  readFirstMessage,
  readMessage,
  readMessageWebhook,
  readTicket,
  readTicketWebhook,
} from './faveo.payload.js';

/** What a webhook says, once its event is known. */
type EventFacts = Omit<TicketEventDraft, 'nativeType' | 'identity'>;
type FaveoEvent = (body: Payload, source: SourceSettings) => EventFacts;

const EVENT_FIELD = 'event';

/**
 * The events of https://developers.faveohelpdesk.com/webhooks/. Of a closed ticket Faveo says no more than of any other
 * change of its status.
 */
const EVENTS: ReadonlyMap<string, FaveoEvent> = new Map<string, FaveoEvent>([
  ['ticket_created', readCreated],
  ['ticket_reply', messageEvent(false)],
  ['ticket_commented', messageEvent(true)],
  ['ticket_status_updated', changeEvent('ticket.status_changed', (ticket) => ({ status: ticket.status?.native }))],
  ['ticket_department_updated', changeEvent('ticket.group_changed', (ticket) => ({ group: ticket.group }))],
  [
    'ticket_assigned',
    changeEvent('ticket.assigned', ({ assignee }, webhook) => ({
      assignee: shortName(assignee),
      team: readId(webhook.ticket, 'team_id'),
    })),
  ],
  ['ticket_owner_updated', changeEvent('ticket.owner_changed', (ticket) => ({ owner: shortName(ticket.requester) }))],
  [
    'ticket_due_date_updated',
    changeEvent('ticket.due_date_changed', (_ticket, webhook) => ({ due_date: readDueDate(webhook) })),
  ],
]);

/** Faveo's webhooks: https://developers.faveohelpdesk.com/webhooks/ */
@Injectable()
export class FaveoAdapter implements ProviderAdapter {
  readonly provider = 'faveo';
  readonly nativeTypes: readonly string[] = [...EVENTS.keys()];

  constructor(private readonly enricher: FaveoEnricher) {}

  enrich(event: TicketEventDocument, source: SourceAccess): Promise<TicketEventDocument> {
    return this.enricher.enrich(event, source);
  }

  normalise(request: InboundRequest, source: SourceSettings): TicketEventDraft[] {
    const body = asPayload(request.body);
    if (!body) throw new InvalidPayloadError('The body is not an object.');
    const nativeType = readLine(body, EVENT_FIELD);
    if (nativeType === undefined) throw new MissingEventNameError(`the "${EVENT_FIELD}" field`);
    const read = EVENTS.get(nativeType);
    if (!read) throw new UnsupportedEventError(nativeType);
    const facts = read(body, source);
    // What is shown, and when it happened: counters do not make a second delivery another happening, nor does
    // `encrypted_id`, which is another one each time.
    const identity = contentIdentity([nativeType, facts]);
    return [{ nativeType, identity, ...facts }];
  }
}

/** Faveo announces a ticket before its first message is there; newer versions may send it along. */
function readCreated(body: Payload, source: SourceSettings): EventFacts {
  const webhook = readMessageWebhook(body, source);
  return omitUndefined<EventFacts>({
    type: 'ticket.created',
    occurredAt: readTime(readValue(webhook.ticket, 'created_at')),
    ticket: readTicketElseThrow(webhook),
    actor: webhook.people.creatorOf(webhook.ticket),
    message: readFirstMessage(webhook),
    changes: [],
  });
}

/** @param valuesOf the new values of the fields that the event is about */
function changeEvent(
  type: TicketEventType,
  valuesOf: (ticket: Ticket, webhook: FaveoWebhook) => Readonly<Record<string, string | undefined>>,
): FaveoEvent {
  return (body, source) => {
    const webhook = readTicketWebhook(body, source);
    const ticket = readTicketElseThrow(webhook);
    const changes = Object.entries(valuesOf(ticket, webhook)).flatMap(([field, to]): Change[] =>
      to === undefined ? [] : [{ field, to }],
    );
    const occurredAt = readTime(readValue(webhook.ticket, 'updated_at'));
    return omitUndefined<EventFacts>({ type, occurredAt, ticket, changes });
  };
}

/** A message that names no ticket is still worth showing: its event has no ticket then. */
function messageEvent(isNote: boolean): FaveoEvent {
  return (body, source) => {
    const webhook = readMessageWebhook(body, source);
    const ticket = readTicket(webhook);
    const message = readMessage(webhook, isNote);
    if (!ticket && message.text === '') {
      throw new InvalidPayloadError('The payload says nothing: a ticket id and a message body are missing.');
    }
    const actor = webhook.people.author();
    return omitUndefined<EventFacts>({
      type: messageType(actor.kind, message.isInternal),
      occurredAt: readTime(readValue(webhook.thread, 'created_at')),
      ticket,
      actor,
      message,
      changes: [],
    });
  };
}

/** @throws InvalidPayloadError */
function readTicketElseThrow(webhook: FaveoWebhook): Ticket {
  const ticket = readTicket(webhook);
  if (!ticket) {
    throw new InvalidPayloadError('The payload does not say which ticket it is about: a ticket id is missing.');
  }
  return ticket;
}

function shortName(person: Person | undefined): string | undefined {
  return person?.name ?? person?.email ?? person?.id;
}
