import { Injectable } from '@nestjs/common';
import { InvalidPayloadError, MissingEventNameError, UnsupportedEventError } from '../../ticket-event/errors.js';
import type { InboundRequest, ProviderAdapter } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDraft, TicketEventType } from '../../ticket-event/ticket-event.js';
import { contentIdentity } from '../content-identity.js';
import { omitUndefined } from '../omit-undefined.js';
import { asPayload, type Payload, readLine, readPayload, readValue } from '../read-payload.js';
import { readTime } from '../read-time.js';
import { readMessage, readTicket } from './ticket-service.payload.js';
import { TicketServiceSubscriptions } from './ticket-service.subscriptions.js';

/** What an event's data says; the rest of a draft is the same for all events. */
type EventFacts = Pick<TicketEventDraft, 'ticket' | 'message' | 'changes'>;
type Identity = TicketEventDraft['identity'];

interface ServiceEvent {
  type: TicketEventType;
  read(data: Payload): EventFacts;
  identify(request: InboundRequest, body: Payload): Identity;
}

/** Of implementations that follow Standard Webhooks, or have a proxy that does: the same in every retry. */
const DELIVERY_ID_HEADER = 'webhook-id';
/** Longer bodies count as they are: the keys of a megabyte take longer to sort than a webhook may take. */
const LONGEST_SORTED = 65_536;

/** The six events of the integration guide of the customer support service, which it lists as supported. */
const EVENTS: ReadonlyMap<string, ServiceEvent> = new Map<string, ServiceEvent>([
  ['ticket_opened', { type: 'ticket.created', read: readTicketEvent, identify: identifyDelivery }],
  ['ticket_updated', { type: 'ticket.updated', read: readUpdate, identify: identifyDelivery }],
  ['ticket_closed', { type: 'ticket.closed', read: readTicketEvent, identify: identifyDelivery }],
  ['service_available', { type: 'service.available', read: readNothing, identify: identifyDelivery }],
  ['service_unavailable', { type: 'service.unavailable', read: readNothing, identify: identifyDelivery }],
  // A ping asks whether webhooks arrive: each has to be seen.
  ['ping', { type: 'ping', read: readNothing, identify: () => ({ kind: 'none' }) }],
]);

/** Webhooks of a customer support service: `{event, created, data}`. */
@Injectable()
export class TicketServiceAdapter implements ProviderAdapter {
  readonly provider = 'ticket-service';
  readonly nativeTypes: readonly string[] = [...EVENTS.keys()];

  constructor(readonly subscriptions: TicketServiceSubscriptions) {}

  normalise(request: InboundRequest): TicketEventDraft[] {
    const body = asPayload(request.body);
    if (!body) throw new InvalidPayloadError('The body is not an object.');
    const nativeType = readLine(body, 'event');
    if (nativeType === undefined) throw new MissingEventNameError('the field "event" of the body');
    const event = EVENTS.get(nativeType);
    if (!event) throw new UnsupportedEventError(nativeType);
    return [
      omitUndefined<TicketEventDraft>({
        type: event.type,
        nativeType,
        occurredAt: readTime(readValue(body, 'created')),
        // Nothing says that there must be data, nor that what there is must be an object.
        ...event.read(readPayload(body, 'data')),
        identity: event.identify(request, body),
      }),
    ];
  }
}

function readTicketEvent(data: Payload): EventFacts {
  return omitUndefined<EventFacts>({ ticket: readTicket(data), message: readMessage(data), changes: [] });
}

/** An update changes the message: what it was before is not told. */
function readUpdate(data: Payload): EventFacts {
  const facts = readTicketEvent(data);
  return { ...facts, changes: facts.message ? [{ field: 'message' }] : [] };
}

/** The service's own state belongs to no ticket, so its messages stand in the thread of the source. */
function readNothing(): EventFacts {
  return { changes: [] };
}

/**
 * Without a delivery id all of the data counts, also what is not shown: where it names the ticket in a way that we do not
 * know, it is all that tells two tickets apart which were closed in the same second.
 */
function identifyDelivery({ headers, rawBody }: InboundRequest, body: Payload): Identity {
  const deliveryId = readLine(headers, DELIVERY_ID_HEADER);
  if (deliveryId !== undefined) return { kind: 'delivery_id', value: deliveryId };
  if (rawBody.length > LONGEST_SORTED) return contentIdentity(rawBody.toString('latin1'));
  return contentIdentity([readLine(body, 'event'), readValue(body, 'created'), readValue(body, 'data')]);
}
