import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';

/** Why an attempt did not deliver. A closed list: dashboards and retry policy branch on it. */
export const FAILURE_REASONS = [
  'rate_limited',
  'timeout',
  'network',
  'server_error',
  'auth',
  'not_found',
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

interface Answer {
  /** Absent when no answer came. */
  httpStatus?: number;
  /** What came back, secrets masked, at most 16 KiB; or the fault in words. */
  response?: string;
}

/**
 * How one try ended. `inDoubt`: the message may have arrived all the same (design promise 3): true for every outcome
 * but a parsed answer of the receiver's own or a connection that never stood.
 */
export type SendOutcome =
  | (Answer & { outcome: 'sent'; messageId?: number })
  | (Answer & { outcome: 'retry'; reason: FailureReason; inDoubt: boolean; retryAfterSeconds?: number })
  | (Answer & { outcome: 'rejected'; reason: FailureReason });

/** The code for one kind of destination. */
export interface Notifier {
  readonly kind: string;
  /** The channel that a delivery is for: the route's, else the destination's. */
  channelFor(route: RouteAppearance, destination: NotifierDestination): string;
  /** Pure. @throws TemplateError when a template cannot be rendered within its limits */
  compose(input: ComposeInput): Composition;
  /** One try. Never throws: whatever goes wrong is an outcome. */
  send(message: ComposedMessage, destination: NotifierDestination): Promise<SendOutcome>;
}
