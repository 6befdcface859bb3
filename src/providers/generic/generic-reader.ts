import type { InboundRequest, SourceSettings } from '../../ticket-event/provider-adapter.js';
import type { TicketEventDraft } from '../../ticket-event/ticket-event.js';
import type { Payload } from '../read-payload.js';

/**
 * Reads the webhooks of one system.
 *
 * @returns undefined where the webhook is not of its shape, so that the next reader is asked
 * @throws UnsupportedEventError, MissingEventNameError, InvalidPayloadError where it is, but cannot be understood
 */
export type GenericReader = (
  body: Payload,
  request: InboundRequest,
  source: SourceSettings,
) => TicketEventDraft[] | undefined;
