import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Caller } from '../../http/caller.js';
import { Problem } from '../../http/problem.js';
import { contentIdentity } from '../../providers/content-identity.js';
import { type ActiveSource, SourceDirectory } from '../../sources/source-directory.js';
import { SourceGate } from '../../sources/source-gate.js';
import { InvalidPayloadError, ProviderError } from '../../ticket-event/errors.js';
import type { InboundRequest } from '../../ticket-event/provider-adapter.js';
import type { Facts, Span } from '../../telemetry/tracing/tracer.js';
import { findTicketsOfWebhook } from '../../tickets/sql/find-tickets-of-webhook.js';
import { newTicketRow, type TicketRow } from '../../tickets/ticket.js';
import { toAnswer } from '../hook-answer.js';
import type { HookAnswer } from '../hook-answer.dto.js';
import type { InboundCall } from '../inbound-call.js';
import { type IntakeResult, IntakeService } from '../intake.service.js';
import { WebhookCounts } from '../metrics/webhook-counts.js';
import { WebhookTraces } from '../traces/webhook-traces.js';
import { type BatchAnswer, type ReadItem, toBatchAnswer } from './batch-answer.dto.js';
import { type IntegrationTicket, toIntegrationTicket } from './integration-ticket.dto.js';

/** The provider whose sources the endpoint is for. */
const PROVIDER = 'generic';
/** The status with which the endpoint answers whatever it has taken. */
const ANSWERED = 200;
/** One commit holds so many tickets. */
const MOST_IN_BATCH = 1_000;
/** Items read before others have their turn. */
const READ_AT_ONCE = 20;
/** A thousand ordinary ones take a tenth of it; templates of a mapping may take longer. */
const LONGEST_READING_MS = 2_000;
const TOO_LATE = 'Reading the batch takes too long: send this again, with fewer others';

/** What systems post that want a ticket opened: one, or many at once. */
@Injectable()
export class IntegrationsService {
  constructor(
    private readonly intake: IntakeService,
    private readonly sources: SourceDirectory,
    private readonly gate: SourceGate,
    private readonly db: Database,
    private readonly counts: WebhookCounts,
    private readonly traces: WebhookTraces,
  ) {}

  /**
   * @returns the ticket that was opened, or that a repetition had opened before; for a helpdesk's own webhook what hooks
   *   answer, since it opens no ticket here
   * @throws as `IntakeService.accept`; Problem 403, 409
   */
  async take(call: InboundCall, caller: Caller): Promise<IntegrationTicket | HookAnswer> {
    const source = this.sourceOf(caller);
    const result = await this.intake.accept(call, source);
    this.counts.taken(PROVIDER, result.kind, ANSWERED);
    const [ticket] = await this.ticketsOf(result, source);
    return ticket ? toIntegrationTicket(ticket) : toAnswer(result);
  }

  /**
   * Takes a list of tickets in one commit; an item that cannot be understood fails alone. With an `ingest` key it counts as
   * many webhooks as it has items: one more may always come, and what it exceeds its source's rate by is waited for after it.
   *
   * @throws as `IntakeService.accept`; Problem 403, 409; InvalidPayloadError where the body is no list, or too long a one
   */
  async takeBatch(call: InboundCall, caller: Caller): Promise<BatchAnswer> {
    const source = this.sourceOf(caller);
    return this.traces.follow(call, source, (trace) => this.takeAll(call, caller, source, trace), factsOfBatch);
  }

  private async takeAll(
    call: InboundCall,
    caller: Caller,
    source: ActiveSource,
    trace: Span | undefined,
  ): Promise<BatchAnswer> {
    const arrival = this.intake.arrive(call, source, trace);
    let items: ReadItem[];
    try {
      items = await this.readItems(this.intake.parse(call, source), source);
    } catch (error) {
      await this.intake.record(arrival, error);
      throw error;
    }
    // The first one was counted with the request.
    if (caller.sourceId !== null) this.gate.chargeMore(source, items.length - 1);
    const [first, ...rest] = items.flatMap((item) => ('draft' in item ? item.draft : []));
    if (!first) {
      // The answer is the batch's own; the log has why nothing came of it.
      const nothing = new InvalidPayloadError('No item of the batch is a ticket.');
      if (items.length > 0) await this.intake.record(arrival, nothing);
      this.counts.taken(PROVIDER, nothing.code, ANSWERED);
      return toBatchAnswer(items, []);
    }
    // One webhook, so one key: its events are new or duplicate together.
    const identity = contentIdentity([first, ...rest].map((draft) => draft.identity));
    const result = await this.intake.commit(arrival, [{ ...first, identity }, ...rest], source);
    this.counts.taken(PROVIDER, result.kind, ANSWERED);
    return toBatchAnswer(items, await this.ticketsOf(result, source));
  }

  private async readItems(request: InboundRequest, source: ActiveSource): Promise<ReadItem[]> {
    if (!Array.isArray(request.body)) throw new InvalidPayloadError('The body is not a list of tickets.');
    if (request.body.length > MOST_IN_BATCH) {
      throw new InvalidPayloadError(`The list is longer than ${MOST_IN_BATCH} tickets.`);
    }
    const endsAt = performance.now() + LONGEST_READING_MS;
    const items: ReadItem[] = [];
    for (const [index, body] of request.body.entries()) {
      // Other requests have their turn between.
      if (index > 0 && index % READ_AT_ONCE === 0) await breathe();
      const isLate = performance.now() > endsAt;
      items.push(isLate ? { error: TOO_LATE, data: body } : this.readItem({ ...request, body }, source));
    }
    return items;
  }

  private readItem(request: InboundRequest, source: ActiveSource): ReadItem {
    try {
      const [draft] = this.intake.normalise(request, source);
      if (draft?.opens) return { draft };
      return { error: 'A batch holds new tickets only: send other webhooks one by one', data: request.body };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { error: error.message, data: request.body };
    }
  }

  private async ticketsOf(result: IntakeResult, source: ActiveSource): Promise<TicketRow[]> {
    if (result.kind === 'duplicate') return findTicketsOfWebhook(this.db, result.eventId);
    if (result.kind !== 'accepted') return [];
    return result.tickets.map((ticket) => newTicketRow(ticket, source.id, result.receivedAt));
  }

  /**
   * @throws Problem 403 where the key's source is none that this endpoint is for; 409 `source_disabled` where there is none
   *   for a key without a source
   */
  private sourceOf({ sourceId }: Caller): ActiveSource {
    const source = sourceId === null ? this.sources.findOldest(PROVIDER) : this.sources.findById(sourceId);
    if (source?.provider === PROVIDER) return source;
    if (sourceId === null) {
      throw new Problem(409, 'source_disabled', `No source of the provider ${PROVIDER} is enabled: enable or add one.`);
    }
    throw new Problem(403, 'forbidden', `This needs a key whose source is of the provider ${PROVIDER}.`);
  }
}

function factsOfBatch({ created_count: created, failed_count: failed }: BatchAnswer): Facts {
  return {
    'http.response.status_code': ANSWERED,
    'deskwire.tickets.created': created,
    'deskwire.tickets.failed': failed,
  };
}
