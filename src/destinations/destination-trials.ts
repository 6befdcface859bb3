import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import type { AdminCall } from '../changes/admin-call.js';
import { AdminTransactions } from '../changes/admin-transactions.js';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { requireMatch } from '../http/entity-tag.js';
import { notFound, Problem, secretUnreadable } from '../http/problem.js';
import { NotifierRegistry } from '../notifiers/notifier-registry.js';
import type { Notifier } from '../notifiers/notifier.js';
import { SecretBox } from '../secrets/secret-box.js';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import type { CreateDestinationBody } from './destination.dto.js';
import type { DestinationCheckView, DestinationTestView } from './destination-actions.dto.js';
import { Destination } from './destination.entity.js';
import { type ActiveDestination, activeDestination } from './destination-directory.js';
import { readSecrets } from './destination-secrets.js';
import { NewDestinations } from './new-destinations.js';

/** As long as any request of a delivery takes at most. */
const TIME_LIMIT_MS = 8_000;

/** Tries destinations beside the queue: no lane, no rate, no pause holds it up, and it is in no log. */
@Injectable()
export class DestinationTrials {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly transactions: AdminTransactions,
    private readonly notifiers: NotifierRegistry,
    private readonly drafts: NewDestinations,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends one test message, also while the destination is paused or disabled. With an Idempotency-Key a repetition sends
   * nothing.
   *
   * @throws Problem 404; 409 `unknown_kind` where this version knows no such destinations, `secret_unreadable`,
   *   `in_progress`; 412
   */
  async test(call: AdminCall, id: string): Promise<DestinationTestView> {
    return this.transactions.once(call, async () => {
      const row = await find(this.destinations, id);
      requireMatch(call.ifMatch, row.version, 'destination');
      return this.send(row);
    });
  }

  /**
   * Looks whether a destination can be reached and has what it needs. Nothing is sent.
   *
   * @throws Problem 404; 409 `unknown_kind`, `secret_unreadable`
   */
  async check(id: string): Promise<DestinationCheckView> {
    return this.look(await find(this.destinations, id));
  }

  /** The same for one that is not stored, nor will be. @throws Problem 400 */
  checkBody(body: CreateDestinationBody): Promise<DestinationCheckView> {
    return this.look(this.drafts.fromBody(body));
  }

  private async look(row: Destination): Promise<DestinationCheckView> {
    const checks = await this.notifierOf(row).check(this.open(row), TIME_LIMIT_MS);
    return { ok: checks.every((check) => check.ok !== false), checks };
  }

  private async send(row: Destination): Promise<DestinationTestView> {
    const destination = this.open(row);
    const notifier = this.notifierOf(row);
    const event = this.makePing(row);
    const composition = notifier.compose({ event, route: {}, destination });
    if (composition.kind !== 'message') throw unknownKind(row);
    const outcome = await notifier.send(composition.message, destination, TIME_LIMIT_MS, event.id);
    return {
      outcome: outcome.outcome,
      ...(outcome.outcome !== 'sent' && { reason: outcome.reason }),
      ...(outcome.httpStatus !== undefined && { http_status: outcome.httpStatus }),
      ...(outcome.response !== undefined && { response: outcome.response }),
    };
  }

  private open(row: Destination): ActiveDestination {
    const secrets = readSecrets(row, this.box);
    if (!secrets) throw secretUnreadable('secret of this destination', 'enter it anew');
    return activeDestination(row, secrets);
  }

  private notifierOf(row: Destination): Notifier {
    const notifier = this.notifiers.get(row.kind);
    if (!notifier) throw unknownKind(row);
    return notifier;
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

async function find(destinations: Repository<Destination>, id: string): Promise<Destination> {
  const row = await destinations.findOneBy({ id, deletedAt: IsNull() });
  if (!row) throw notFound('destination');
  return row;
}

function unknownKind({ kind }: Destination): Problem {
  return new Problem(409, 'unknown_kind', `There is nothing to send to a destination of the kind ${kind}.`);
}
