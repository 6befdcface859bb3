import type { TicketEvent, TicketEventDraft } from './ticket-event.js';

/** A webhook as it arrived, parsed by intake without trusting its Content-Type. */
export interface InboundRequest {
  /** Lower-case names; a repeated header is joined with `, `. */
  headers: Readonly<Record<string, string>>;
  /** Decoded query parameters of the hook URL; the first value of each. */
  query: Readonly<Record<string, string>>;
  /** JSON value, nested form (with JSON documents inside form fields already parsed), or multipart fields. */
  body: unknown;
  /** The exact bytes, for signatures. */
  rawBody: Buffer;
}

/** What an admin configured for a source, as far as adapters may see it. */
export interface SourceSettings {
  readonly id: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Registers and removes our hook at the helpdesk, where its API can. */
export interface UpstreamSubscriptions {
  register(
    hookUrl: string,
    nativeTypes: string[],
    source: SourceSettings,
  ): Promise<{ id?: string; nativeType: string }[]>;
  remove(subscriptionId: string, source: SourceSettings): Promise<void>;
}

/**
 * One kind of helpdesk. An adapter is pure: it never calls out, never reads a clock, and survives any payload
 * with TicketEvents or one of the named errors of `errors.ts`.
 */
export interface ProviderAdapter {
  /** The name in hook URLs: lower case, digits and hyphens. */
  readonly provider: string;
  /** The native event types that `normalise` understands. */
  readonly nativeTypes: readonly string[];
  /**
   * @throws UnsupportedEventError for an event type that the adapter does not know: recorded, answered 2xx
   * @throws MissingEventNameError where the payload does not say what happened: 400
   * @throws InvalidPayloadError where a known event cannot be understood: 400
   */
  normalise(request: InboundRequest, source: SourceSettings): TicketEventDraft[];
  /** The provider's own signature over the raw bytes, checked before parsing. @throws SignatureError */
  verify?(request: InboundRequest, secrets: string[]): void;
  /** Names behind ids, by the helpdesk's API at its configured base; before sending, never at intake. */
  enrich?(event: TicketEvent, source: SourceSettings): Promise<TicketEvent>;
  readonly subscriptions?: UpstreamSubscriptions;
}
