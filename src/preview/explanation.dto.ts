import { type MatcherVerdictView } from './matcher-verdict.dto.js';

export class ExplainedDeliveryView {
  /** @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9d' */
  id!: string;

  /** @example 'delivered' */
  state!: string;

  /**
   * Why it is not delivered, in a word.
   * @example 'same_place'
   */
  reason!: string | null;

  /** @example 'support' */
  channel!: string | null;

  /** @example '#9 The printer is on fire' */
  topic!: string | null;
}

/** A delivery that no route asked for. */
export class OtherDeliveryView extends ExplainedDeliveryView {
  /**
   * Of a subscriber of the ticket desk.
   * @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9e'
   */
  destination_id!: string;
}

export class ExplainedRouteView {
  /** @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9d' */
  id!: string;

  /**
   * As it was called then.
   * @example 'Urgent tickets'
   */
  name!: string;

  /**
   * Where it stood then.
   * @example 1
   */
  position!: number;

  /** Whether all its matchers hold; null where that hangs on one that this version cannot use. */
  matched!: boolean | null;

  /** A route above it said `stop`, so that it was not asked. */
  skipped_by_stop?: true;

  matchers!: MatcherVerdictView[];

  /**
   * Where it led then.
   * @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9e'
   */
  destination_id!: string;

  /** What it made of the event, replays included. */
  deliveries!: ExplainedDeliveryView[];

  /**
   * Why this version cannot use the route.
   * @example 'matchers.0: value: RE2 does not understand the pattern.'
   */
  fault?: string;
}

export class JudgingRevisionView {
  /** @example 17 */
  id!: number;

  /** From when it judged events. */
  created_at!: Date;
}

export class ExplanationView {
  /** @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9d' */
  event_id!: string;

  /** @example 'accepted' */
  outcome!: 'accepted' | 'duplicate' | 'unsupported' | 'rejected';

  /**
   * In a word, why it was not accepted.
   * @example 'invalid_payload'
   */
  reason!: string | null;

  /**
   * In words, why no routes were asked; null where they were.
   * @example 'A repetition of an event that was there already; routes were asked for that one.'
   */
  detail!: string | null;

  /**
   * The event that this one repeats.
   * @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3'
   */
  duplicate_of!: string | null;

  /** The routes that judged it; null where none were asked. */
  revision!: JudgingRevisionView | null;

  /** In the order in which they were asked. */
  routes!: ExplainedRouteView[];

  /** What no route asked for. */
  other_deliveries!: OtherDeliveryView[];
}
