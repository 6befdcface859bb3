/**
 * How a matcher compares. `ne`, `not_in` and `not_matches` are the opposites of `eq`, `in` and `matches`, so they hold
 * where the field is absent.
 */
export const MATCHER_OPS = ['eq', 'ne', 'in', 'not_in', 'matches', 'not_matches', 'exists'] as const;

export type MatcherOp = (typeof MATCHER_OPS)[number];

/** One condition over a TicketEvent, as admins write it and routes store it. */
export interface Matcher {
  /** A path into the TicketEventDocument, e.g. `type`, `ticket.priority.normal`, `ticket.custom.Order number`. */
  field: string;
  op: MatcherOp;
  /**
   * `eq`, `ne`: a string, number or boolean. `in`, `not_in`: a list of them. `matches`, `not_matches`: a pattern in
   * RE2's syntax. `exists`: a boolean, absent = true.
   */
  value?: unknown;
}

/** All matchers of a route must hold; nobody reads a rule of more. */
export const MOST_MATCHERS = 50;
/** Values of one `in` or `not_in`. */
export const MOST_LIST_VALUES = 500;
/** UTF-16 units of one pattern. */
export const LONGEST_PATTERN = 1_000;
/** UTF-16 units of a value that is compared: no field of an event but a message's text is longer. */
export const LONGEST_VALUE = 1_000;

/** A matcher that could never do what its author meant. The message names what is wrong and may be shown. */
export class MatcherError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MatcherError';
  }
}
