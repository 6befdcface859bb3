import { Injectable } from '@nestjs/common';
import { UnsupportedEventError } from '../../ticket-event/errors.js';
import type { InboundRequest, ProviderAdapter } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDraft } from '../../ticket-event/ticket-event.js';
import { asPayload, readLine } from '../read-payload.js';

/** What is posted to it without a name of its own. */
const NAMELESS = 'webhook';

/**
 * The gateway's own ticket desk. It stands among the providers so that it has sources, which keys and routes name; its
 * events come from what is asked of it over REST. It understands no webhooks, not even of its own form: whoever sends
 * them is a ticket service.
 */
@Injectable()
export class TicketDeskAdapter implements ProviderAdapter {
  readonly provider = 'ticket-desk';
  readonly nativeTypes: readonly string[] = [];

  normalise({ body }: InboundRequest): TicketEventDraft[] {
    const payload = asPayload(body);
    throw new UnsupportedEventError((payload && readLine(payload, 'event')) ?? NAMELESS);
  }
}
