import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { Problem } from '../http/problem.js';
import { NotifierRegistry } from '../notifiers/notifier-registry.js';
import { SecretBox } from '../secrets/secret-box.js';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import type { DestinationTestView } from './destination.dto.js';
import type { Destination } from './destination.entity.js';
import { openDestination } from './destination-directory.js';

/** As long as any request of a delivery takes at most. */
const TIME_LIMIT_MS = 8_000;

/** Sends one message by hand, beside the queue: no lane, no rate, no pause holds it up, and it is in no log. */
@Injectable()
export class DestinationTester {
  constructor(
    private readonly notifiers: NotifierRegistry,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 409 `unknown_kind` where this version knows no such destinations */
  async test(row: Destination): Promise<DestinationTestView> {
    const destination = openDestination(row, this.box);
    const notifier = this.notifiers.get(row.kind);
    const event = this.makePing(row);
    const composition = notifier?.compose({ event, route: {}, destination });
    if (!notifier || composition?.kind !== 'message') {
      throw new Problem(409, 'unknown_kind', `There is nothing to send to a destination of the kind ${row.kind}.`);
    }
    const outcome = await notifier.send(composition.message, destination, TIME_LIMIT_MS, event.id);
    return {
      outcome: outcome.outcome,
      ...(outcome.outcome !== 'sent' && { reason: outcome.reason }),
      ...(outcome.httpStatus !== undefined && { http_status: outcome.httpStatus }),
      ...(outcome.response !== undefined && { response: outcome.response }),
    };
  }

  private makePing({ id, name }: Destination): TicketEventDocument {
    const now = this.clock.now();
    const eventId = newId(now);
    return {
      id: eventId,
      type: 'ping',
      native_type: 'ping',
      source: { id, provider: 'deskwire', name: `Deskwire’s test of ${name}` },
      occurred_at: now.toISOString(),
      received_at: now.toISOString(),
      deduplication_key: eventId,
      changes: [],
    };
  }
}
