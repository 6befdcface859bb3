import { Injectable } from '@nestjs/common';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { DeliverySignal } from '../deliveries/delivery-signal.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import { RouteTable } from '../routes/route-table.js';
import { type ActiveSource, SourceDirectory } from '../sources/source-directory.js';
import { ProviderError, UnsupportedEventError } from '../ticket-event/errors.js';
import type { InboundRequest, ProviderAdapter } from '../ticket-event/provider-adapter.js';
import type { TicketEventDraft } from '../ticket-event/ticket-event.js';
import { cleanText, LONGEST_SHORT_FIELD } from '../ticket-event/clean-draft.js';
import { keepHeaders } from './keep-headers.js';
import { makeEvents } from './make-events.js';
import { letsIn, readNativeTypeFilter } from './native-type-filter.js';
import { parseBody, UnreadableBodyError } from './parse-body.js';
import type { AcceptedWebhook, RefusedWebhook } from './webhook-record.js';
import { WebhookWriter } from './webhook-writer.js';

/** A hook call before anything about it is believed. */
export interface HookCall {
  provider: string;
  token: string;
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body: Buffer;
}

/** What became of a hook call that was understood. */
export type HookResult =
  | { kind: 'accepted'; eventIds: string[]; deliveries: number }
  | { kind: 'duplicate'; eventId: string }
  | { kind: 'unsupported'; nativeType: string }
  | { kind: 'filtered'; nativeType: string };

type WebhookFacts = Pick<RefusedWebhook, 'id' | 'sourceId' | 'receivedAt' | 'raw'>;

/** The first half of the road: from a hook call to one commit of its events and deliveries. */
@Injectable()
export class IntakeService {
  constructor(
    private readonly sources: SourceDirectory,
    private readonly providers: ProviderRegistry,
    private readonly routes: RouteTable,
    private readonly writer: WebhookWriter,
    private readonly signal: DeliverySignal,
    private readonly clock: Clock,
  ) {}

  /** @returns the source that a hook URL belongs to, if it belongs to one */
  findSource(provider: string, token: string): ActiveSource | undefined {
    return this.sources.find(provider, token);
  }

  /**
   * Takes a webhook; resolves after the commit.
   *
   * @throws UnreadableBodyError, ProviderError (recorded as rejected); QueueFullError, DatabaseUnavailableError,
   * UnstorableWebhookError (nothing is stored)
   */
  async accept(call: HookCall, source: ActiveSource): Promise<HookResult> {
    const receivedAt = this.clock.now();
    const facts: WebhookFacts = {
      id: newId(receivedAt),
      sourceId: source.id,
      receivedAt,
      raw: { headers: keepHeaders(call.headers, call.token), body: call.body },
    };
    let drafts: TicketEventDraft[];
    try {
      drafts = this.normalise(call, source);
    } catch (error) {
      return this.refuse(facts, error);
    }
    const filter = readNativeTypeFilter(call.query);
    const [first, ...rest] = drafts.filter((draft) => letsIn(filter, draft.nativeType));
    if (!first) return { kind: 'filtered', nativeType: drafts[0]?.nativeType ?? '' };
    const made = makeEvents([first, ...rest], source, receivedAt, this.routes.current);
    return this.commit({ ...facts, ...made, outcome: 'accepted' });
  }

  private normalise(call: HookCall, source: ActiveSource): TicketEventDraft[] {
    const adapter = this.providers.get(source.provider) as ProviderAdapter;
    const request: InboundRequest = {
      headers: call.headers,
      query: call.query,
      body: parseBody(call.body, call.headers['content-type']),
      rawBody: call.body,
    };
    return adapter.normalise(request, source);
  }

  private async commit(webhook: AcceptedWebhook): Promise<HookResult> {
    const { duplicateOf } = await this.writer.write(webhook);
    if (duplicateOf !== null) return { kind: 'duplicate', eventId: duplicateOf };
    const deliveries = webhook.events.flatMap((event) => event.deliveries);
    this.signal.announce(new Set(deliveries.map((delivery) => delivery.destinationId)));
    return {
      kind: 'accepted',
      eventIds: webhook.events.map((event) => event.document.id),
      deliveries: deliveries.length,
    };
  }

  /** Records what was refused, so that an admin can see it and a developer can mend it, then refuses it. */
  private async refuse(facts: WebhookFacts, error: unknown): Promise<HookResult> {
    if (error instanceof UnsupportedEventError) {
      const nativeType = cleanText(error.nativeType, LONGEST_SHORT_FIELD);
      await this.writer.write({
        ...facts,
        outcome: 'unsupported',
        nativeType,
        reason: error.code,
        detail: error.message,
      });
      return { kind: 'unsupported', nativeType };
    }
    const expected = error instanceof ProviderError || error instanceof UnreadableBodyError;
    await this.writer.write({
      ...facts,
      outcome: 'rejected',
      nativeType: null,
      reason: expected ? error.code : 'adapter_failed',
      detail: expected ? cleanText(error.message, LONGEST_SHORT_FIELD) : 'The adapter failed; the log has the cause.',
    });
    // An unexpected error is a fault of ours: kept above with its raw body, answered as a 500, logged with an id.
    throw error;
  }
}
