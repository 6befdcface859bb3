import type { TicketEventDocument } from './ticket-event-document.js';
import type { TicketEventDraft } from './ticket-event.js';

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

/** What an admin entrusted to a source, decrypted. Never to be logged or shown. */
export interface SourceSecrets {
  /** What the helpdesk signs with; several while they are rotated, any may match. */
  readonly signing_secrets?: readonly string[];
  /** `user:password` that the helpdesk sends as Basic auth. */
  readonly basic?: string;
  /** For the helpdesk's own API. */
  readonly api_token?: string;
}

/** A source with what it takes to call its helpdesk. */
export interface SourceAccess extends SourceSettings {
  readonly secrets: SourceSecrets;
}

/** A hook of ours that a helpdesk has registered. */
export interface UpstreamSubscription {
  /** The helpdesk's own id, to remove it by; absent where it gave none. */
  id?: string;
  nativeType: string;
}

/** Which events the helpdesk is asked to send, and where. */
export interface SubscriptionWish {
  /** The source's own, token and all: never to be logged or shown. */
  readonly hookUrl: string;
  readonly nativeTypes: readonly string[];
  /** They are all that the adapter understands. */
  readonly isEverything: boolean;
}

/** Registers and removes our hook at the helpdesk, where its API can. */
export interface UpstreamSubscriptions {
  /** What is registered where nothing is chosen; without it, every native type. */
  readonly defaultTypes?: readonly string[];
  /**
   * Registers the hook for event types, one after the other.
   *
   * @param onRegistered called after each, so that what was registered is remembered also where a later one fails
   * @throws HelpdeskError that names the event; HelpdeskNotConfiguredError
   */
  register(
    wish: SubscriptionWish,
    source: SourceAccess,
    onRegistered: (subscription: UpstreamSubscription) => Promise<void>,
  ): Promise<void>;
  /** What is not there any more counts as removed. @throws HelpdeskError; HelpdeskNotConfiguredError */
  remove(subscriptionId: string, source: SourceAccess): Promise<void>;
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
  /** Judges the settings that are this provider's own before they are saved; `field` is a path below the settings. */
  checkSettings?(settings: Readonly<Record<string, unknown>>): { field: string; message: string }[];
  /**
   * Names behind ids, by the helpdesk's API at its configured base (never an address from a payload); before sending,
   * never at intake, and only for sources with an `api_token`. Cached; within 2 s; never throws: what cannot be learnt
   * stays as it is. The document that it is given does not change.
   */
  enrich?(event: TicketEventDocument, source: SourceAccess): Promise<TicketEventDocument>;
  readonly subscriptions?: UpstreamSubscriptions;
}
