import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';

/** Why an attempt did not deliver. A closed list: dashboards and retry policy branch on it. */
export const FAILURE_REASONS = [
  'rate_limited',
  'timeout',
  'network',
  'server_error',
  'auth',
  'not_found',
  'gone',
  'refused',
  'redirected',
  'unreadable_answer',
  'invalid',
  'too_large',
  'render_failed',
  'interrupted',
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Why a delivery was not sent although its route matched. */
export type SkipReason = 'nothing_to_say' | 'same_place';

/** A destination as its notifier sees it: secrets already decrypted, never to be logged. */
export interface NotifierDestination {
  id: string;
  name: string;
  settings: Readonly<Record<string, unknown>>;
  secrets: Readonly<Record<string, string>>;
}

/** The part of a route that says how a message looks; absent fields mean the defaults. */
export interface RouteAppearance {
  channel?: string;
  topic?: string;
  message?: string;
}

/** A part of a message that a route may have a template for. */
export type TemplatePart = 'topic' | 'message';

export interface ComposeInput {
  event: TicketEventDocument;
  route: RouteAppearance;
  destination: NotifierDestination;
  /** The topic that the ticket's thread already has in this channel; it wins over every other choice. */
  threadTopic?: string;
}

/** What will be sent, in the form in which the receiver will store it. */
export interface ComposedMessage {
  channel: string;
  topic: string;
  content: string;
}

export type Composition = { kind: 'message'; message: ComposedMessage } | { kind: 'nothing'; reason: SkipReason };

/** What an answer said of the account's rate: so many requests in any minute, so many of them left now. */
export interface RateFacts {
  limit: number;
  remaining: number;
}

interface Answer {
  /** Absent when no answer came. */
  httpStatus?: number;
  /** What came back, secrets masked, at most 16 KiB; or the fault in words. */
  response?: string;
  rate?: RateFacts;
}

/** A request that did not do what it was for, and may if it is made again. */
export type RetryOutcome = Answer & {
  outcome: 'retry';
  reason: FailureReason;
  inDoubt: boolean;
  retryAfterSeconds?: number;
};

/** A request that will never do what it is for. */
export type RejectedOutcome = Answer & { outcome: 'rejected'; reason: FailureReason };

/**
 * How one try ended. `inDoubt`: the message may have arrived all the same (design promise 3): true for every outcome
 * but a parsed answer of the receiver's own or a connection that never stood.
 */
export type SendOutcome = (Answer & { outcome: 'sent'; messageId?: number }) | RetryOutcome | RejectedOutcome;

/** What is known of an attempt of which nobody knows whether it arrived. */
export interface Doubt {
  /** What was sent. */
  message: ComposedMessage;
  startedAt: Date;
  /** The newest message id that the receiver had told us when the attempt began; null where it had told none. */
  newerThan: number | null;
}

/**
 * What the receiver has of an attempt in doubt.
 * - `looked`: ids of the messages that may be it, the likeliest first; none = it did not arrive. `elsewhere`: those of
 *   them that stand in another topic than it was sent to, with that topic.
 * - `not_allowed`: this account may not read, now or ever (a parsed 4xx of the receiver's own, other than 429).
 * - `retry`: nothing is known; ask again.
 */
export type LookUpOutcome =
  | (Answer & { outcome: 'looked'; messageIds: number[]; elsewhere: ReadonlyMap<number, string> })
  | (Answer & { outcome: 'not_allowed' })
  | RetryOutcome;

/** Where a message stands now, `channel` by its name if that was told. `gone`: it was deleted, or is not shown to this account. */
export type TopicFinding =
  | (Answer & { outcome: 'found'; topic: string; channel?: string })
  | (Answer & { outcome: 'gone' })
  | (Answer & { outcome: 'not_allowed' })
  | RetryOutcome;

/** How resolving or reopening a topic ended; `done` with the name that it has now. */
export type TopicChange = (Answer & { outcome: 'done'; topic: string }) | RetryOutcome | RejectedOutcome;

/** For receivers whose topics can be resolved, and renamed by people. Nothing of it throws. */
export interface TopicKeeper {
  /** Whether the name says that the topic is resolved. */
  isResolved(topic: string): boolean;
  /** Asks where a message stands. */
  find(messageId: number, destination: NotifierDestination, timeLimitMs: number): Promise<TopicFinding>;
  /**
   * Resolves or reopens the whole topic.
   *
   * @param messageId any message of it
   * @param topic its present name
   */
  setResolved(
    messageId: number,
    topic: string,
    resolved: boolean,
    destination: NotifierDestination,
    timeLimitMs: number,
  ): Promise<TopicChange>;
}

/** What a destination needs: a Zulip server, its account there, a channel; or the address of a webhook. */
export const CHECKED_THINGS = ['server', 'bot', 'channel', 'address'] as const;
export type CheckedThing = (typeof CHECKED_THINGS)[number];

/** What was found of one of these things. */
export interface ConnectionCheck {
  name: CheckedThing;
  /** Null = it could not be looked at, as the others stand. */
  ok: boolean | null;
  /** For people, without secrets: what was found, and where something is wrong what to do. */
  detail: string;
}

/** The code for one kind of destination. */
export interface Notifier {
  readonly kind: string;
  /** How many lanes of one destination are worked side by side. */
  readonly lanesAtOnce: number;
  /** Whether a destination at which nothing arrives for days is disabled, and one that is `gone` at once. */
  readonly disablesFailing?: boolean;
  /** The server that a destination belongs to: message ids and topics are its, whichever account is used. */
  receiverOf(destination: NotifierDestination): string;
  /** Whose rate is limited: destinations with the same account share one budget. */
  accountOf(destination: NotifierDestination): string;
  /** The channel that a delivery is for: the route's, else the destination's. */
  channelFor(route: RouteAppearance, destination: NotifierDestination): string;
  /**
   * Tries a route's template out on samples of events, within limits far below those of a message. Absent where messages
   * have a fixed form: there a route's channel and templates mean nothing.
   *
   * @throws TemplateError that says what is wrong with it, and where
   */
  tryTemplate?(part: TemplatePart, template: string): void;
  /** Pure. @throws TemplateError when a template cannot be rendered within its limits */
  compose(input: ComposeInput): Composition;
  /**
   * Joins messages of one channel and topic into one, in their order. Pure.
   *
   * @returns undefined where one message cannot hold them all, or one of them cannot stand beside another
   */
  join?(messages: readonly ComposedMessage[]): ComposedMessage | undefined;
  /**
   * One try. Never throws: whatever goes wrong is an outcome.
   *
   * @param timeLimitMs from the first byte to the last
   * @param deliveryId the same for every try of a delivery; of a joined message that of its first
   * @param traceparent the try itself, for receivers that go on with its trace; undefined where it is not traced
   */
  send(
    message: ComposedMessage,
    destination: NotifierDestination,
    timeLimitMs: number,
    deliveryId: string,
    traceparent?: string,
  ): Promise<SendOutcome>;
  /** Asks the receiver for an attempt in doubt, once it can no longer land. Never throws. */
  lookUp?(doubt: Doubt, destination: NotifierDestination, timeLimitMs: number): Promise<LookUpOutcome>;
  readonly topics?: TopicKeeper;
  /**
   * Looks whether all is there that sending needs. Nothing is sent. Never throws.
   *
   * @param timeLimitMs for everything together
   * @returns one finding for each thing that a destination of this kind needs, in the order in which they need each other
   */
  check(destination: NotifierDestination, timeLimitMs: number): Promise<ConnectionCheck[]>;
}
