import { type MatcherBody, type RouteSettingsBody } from './route.dto.js';

export class RouteView {
  /** @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9d' */
  id!: string;

  /** @example 'Urgent tickets' */
  name!: string;

  /**
   * When it is asked: the one at 1 first.
   * @example 1
   */
  position!: number;

  matchers!: MatcherBody[];

  /** @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9e' */
  destination_id!: string;

  settings!: RouteSettingsBody;

  /** Since when it is not asked; null = it is. */
  disabled_at!: Date | null;

  /**
   * Why it matches nothing, also if it is enabled: an older version took what this one cannot use. Null = all is well.
   * @example 'matchers.0: value: RE2 does not understand the pattern.'
   */
  fault!: string | null;

  /**
   * Grows with every change of the route itself; the same as its ETag. Others that move it up or down leave it.
   * @example 3
   */
  version!: number;

  created_at!: Date;
}

/** All routes in the order in which they are asked. */
export class RouteOrderView {
  data!: RouteView[];
}

/** A route as it was in force. */
export class RevisedRouteView {
  /** @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9d' */
  id!: string;

  /** @example 'Urgent tickets' */
  name!: string;

  /**
   * Among all routes of that time, also those that were disabled.
   * @example 1
   */
  position!: number;

  matchers!: MatcherBody[];

  /** @example '01980a2e-6c00-7000-8000-1f0e5a3b7c9e' */
  destination_id!: string;

  settings!: RouteSettingsBody;
}

export class RevisionSummaryView {
  /**
   * What events name as their `route_revision`.
   * @example 17
   */
  id!: number;

  /** From when it judged events. */
  created_at!: Date;

  /** Until when; null = it still does. */
  replaced_at!: Date | null;

  /**
   * How many routes were enabled.
   * @example 4
   */
  routes!: number;
}

export class RevisionView {
  /** @example 17 */
  id!: number;

  /** From when it judged events. */
  created_at!: Date;

  /** Until when; null = it still does. */
  replaced_at!: Date | null;

  /** Those that were enabled, in the order in which they were asked. */
  routes!: RevisedRouteView[];
}
