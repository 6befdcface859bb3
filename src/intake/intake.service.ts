import { Injectable } from '@nestjs/common';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { DeliverySignal } from '../deliveries/delivery-signal.js';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import { Problem } from '../http/problem.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import { RouteTable } from '../routes/route-table.js';
import type { ActiveSource } from '../sources/source-directory.js';
import { AddressNotAllowedProblem } from '../sources/source-gate.js';
import { ProviderError, UnsupportedEventError } from '../ticket-event/errors.js';
import type { InboundRequest, ProviderAdapter } from '../ticket-event/provider-adapter.js';
import type { TicketEventDraft } from '../ticket-event/ticket-event.js';
import { cleanText, LONGEST_SHORT_FIELD } from '../ticket-event/clean-draft.js';
import type { Span } from '../telemetry/tracing/tracer.js';
import type { OpenedTicket } from '../tickets/ticket.js';
import { HEAVY_BYTES } from './heavy-lane.js';
import { HOOK, type InboundCall } from './inbound-call.js';
import { type HeaderSecrets, keepHeaders } from './keep-headers.js';
import { makeEvents, type Recipients } from './make-events.js';
import { letsIn, readNativeTypeFilter } from './native-type-filter.js';
import { parseBody, UnreadableBodyError } from './parse-body.js';
import { verifySignature } from './signatures/verify-signature.js';
import { factsOfResult, WebhookTraces } from './traces/webhook-traces.js';
import type { RefusedWebhook } from './webhook-record.js';
import { WebhookWriter } from './webhook-writer.js';

/** The built-in provider, all of whose events are of the ticket store. */
const TICKET_DESK = 'ticket-desk';

/** For somebody to look at it. */
const UNREADABLE_RETRY_SECONDS = 60;
const SOURCE_UNREADABLE = new Problem(
  503,
  'source_unreadable',
  'What webhooks of this source are checked by cannot be read; send this again later.',
  { retryAfterSeconds: UNREADABLE_RETRY_SECONDS },
);

/** What became of a webhook that was understood. */
export type IntakeResult =
  | { kind: 'accepted'; eventIds: string[]; deliveries: number; tickets: OpenedTicket[]; receivedAt: Date }
  | { kind: 'duplicate'; eventId: string }
  | { kind: 'unsupported'; nativeType: string }
  | { kind: 'filtered'; nativeType: string };

/** What is known of a webhook before it is understood. */
export type Arrival = Pick<RefusedWebhook, 'id' | 'sourceId' | 'receivedAt' | 'raw' | 'trace'>;

/** The first half of the road: from a webhook to one commit of its events, deliveries and tickets. */
@Injectable()
export class IntakeService {
  constructor(
    private readonly providers: ProviderRegistry,
    private readonly routes: RouteTable,
    private readonly destinations: DestinationDirectory,
    private readonly writer: WebhookWriter,
    private readonly signal: DeliverySignal,
    private readonly clock: Clock,
    private readonly traces: WebhookTraces,
  ) {}

  /**
   * Takes a webhook; resolves after the commit.
   *
   * @throws Problem 503 `source_unreadable`; UnreadableBodyError, ProviderError (recorded as rejected); QueueFullError, DatabaseUnavailableError,
   * UnstorableWebhookError (nothing is stored)
   */
  accept(call: InboundCall, source: ActiveSource): Promise<IntakeResult> {
    const { length } = call.body;
    const take = (trace: Span | undefined): Promise<IntakeResult> =>
      length < HEAVY_BYTES
        ? this.take(call, source, trace)
        : this.writer.heavyLane.run(length, () => this.take(call, source, trace));
    return this.traces.follow(call, source, take, (result) => factsOfResult(result, statusOf(call, result)));
  }

  private async take(call: InboundCall, source: ActiveSource, trace: Span | undefined): Promise<IntakeResult> {
    const arrival = this.arrive(call, source, trace);
    let drafts: TicketEventDraft[];
    try {
      drafts = this.normalise(this.parse(call, source), source);
    } catch (error) {
      await this.record(arrival, error);
      if (error instanceof UnsupportedEventError) return { kind: 'unsupported', nativeType: unsupportedType(error) };
      // An unexpected one is a fault of ours: kept with its raw body, answered as a 500, logged with an id.
      throw error;
    }
    const filter = readNativeTypeFilter(call.query);
    const [first, ...rest] = drafts.filter((draft) => letsIn(filter, draft.nativeType));
    if (!first) return { kind: 'filtered', nativeType: drafts[0]?.nativeType ?? '' };
    return this.commit(arrival, [first, ...rest], source);
  }

  /**
   * Notes a webhook's arrival: its id, its time, and what is kept of the request.
   *
   * @throws Problem 503 `source_unreadable`: nobody could say whether it is genuine, nor which secrets are in it
   */
  arrive(call: InboundCall, source: ActiveSource, trace?: Span): Arrival {
    if (source.isUnreadable) throw SOURCE_UNREADABLE;
    const receivedAt = this.clock.now();
    return {
      ...(trace && { trace }),
      id: newId(receivedAt),
      sourceId: source.id,
      receivedAt,
      raw: { headers: keepHeaders(call.headers, secretsOf(call, source)), body: call.body },
    };
  }

  /** @throws SignatureError, checked on the bytes as they came; UnreadableBodyError */
  parse({ headers, query, body }: InboundCall, source: ActiveSource): InboundRequest {
    verifySignature({ headers, rawBody: body }, source, this.clock.now());
    return {
      headers: withoutSecret(headers, source),
      query,
      body: parseBody(body, headers['content-type']),
      rawBody: body,
    };
  }

  /** @throws ProviderError */
  normalise(request: InboundRequest, source: ActiveSource): TicketEventDraft[] {
    const adapter = this.providers.get(source.provider) as ProviderAdapter;
    return adapter.normalise(request, source);
  }

  /** Stores the events of a webhook, with the deliveries that the routes ask for and the tickets that they open. */
  async commit(
    arrival: Arrival,
    drafts: readonly [TicketEventDraft, ...TicketEventDraft[]],
    source: ActiveSource,
  ): Promise<IntakeResult> {
    const made = makeEvents(drafts, source, arrival.receivedAt, this.recipientsOf(source));
    const { duplicateOf } = await this.writer.write({ outcome: 'accepted', ...arrival, ...made });
    if (duplicateOf !== null) return { kind: 'duplicate', eventId: duplicateOf };
    const deliveries = made.events.flatMap((event) => event.deliveries);
    this.signal.announce(new Set(deliveries.map((delivery) => delivery.destinationId)));
    return {
      kind: 'accepted',
      eventIds: made.events.map((event) => event.document.id),
      deliveries: deliveries.length,
      tickets: made.events.flatMap(({ ticket }) => ticket ?? []),
      receivedAt: arrival.receivedAt,
    };
  }

  private recipientsOf({ provider }: ActiveSource): Recipients {
    const isOfStore = provider === TICKET_DESK;
    return { revision: this.routes.current, subscribers: this.destinations.subscribers(), isOfStore };
  }

  /** Records what was refused, so that an admin can see it and a developer can mend it. */
  async record(arrival: Arrival, error: unknown): Promise<void> {
    if (error instanceof UnsupportedEventError) {
      const { code: reason, message: detail } = error;
      await this.writer.write({
        ...arrival,
        outcome: 'unsupported',
        nativeType: unsupportedType(error),
        reason,
        detail,
      });
      return;
    }
    const expected =
      error instanceof ProviderError ||
      error instanceof UnreadableBodyError ||
      error instanceof AddressNotAllowedProblem;
    await this.writer.write({
      ...arrival,
      outcome: 'rejected',
      nativeType: null,
      reason: expected ? error.code : 'adapter_failed',
      detail: expected ? cleanText(error.message, LONGEST_SHORT_FIELD) : 'The adapter failed; the log has the cause.',
    });
  }
}

/** Hooks alone say of what is new that it was accepted. */
function statusOf({ endpoint }: InboundCall, { kind }: IntakeResult): number {
  return endpoint.route === HOOK.route && kind === 'accepted' ? 202 : 200;
}

function unsupportedType({ nativeType }: UnsupportedEventError): string {
  return cleanText(nativeType, LONGEST_SHORT_FIELD);
}

function secretsOf({ token }: InboundCall, { settings, secrets }: ActiveSource): HeaderSecrets {
  const values = [...(secrets.signing_secrets ?? []), ...(secrets.basic === undefined ? [] : [secrets.basic])];
  return { token, header: settings.signature_header, values };
}

/** Adapters, and the templates of a mapping, have no use for what was just verified. */
function withoutSecret(headers: InboundCall['headers'], { settings }: ActiveSource): InboundCall['headers'] {
  const secretName = settings.signature_header?.toLowerCase();
  if (secretName === undefined) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== secretName));
}
