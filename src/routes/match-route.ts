import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import type { CompiledRoute } from './compile-route.js';
import type { MatcherOp } from './matcher.js';
import { type Seen, seenAt } from './read-field.js';

/** What became of one matcher. */
interface MatcherVerdict {
  field: string;
  op: MatcherOp;
  value: unknown;
  /** What the event has there; null for nothing. Long texts and lists are cut. */
  seen: Seen;
  /** Null for a stored matcher that cannot be used. */
  held: boolean | null;
  /** Why it cannot. */
  fault?: string;
}

/** What became of a route, matcher by matcher. */
export interface RouteVerdict {
  matched: boolean;
  verdicts: MatcherVerdict[];
}

/** @returns whether all matchers of a route hold; a route without matchers takes everything, one that cannot be used nothing */
export function routeMatches(compiled: CompiledRoute, document: TicketEventDocument): boolean {
  return compiled.fault === undefined && compiled.matchers.every((matcher) => matcher.holds(document));
}

/** @returns as `routeMatches`, and what each matcher saw: also those after the first that failed */
export function matchRoute(compiled: CompiledRoute, document: TicketEventDocument): RouteVerdict {
  const verdicts = compiled.matchers.map(({ matcher, path, holds, fault }) => ({
    field: matcher.field,
    op: matcher.op,
    value: matcher.value,
    seen: fault === undefined ? seenAt(document, path) : null,
    held: fault === undefined ? holds(document) : null,
    ...(fault !== undefined && { fault }),
  }));
  return { matched: compiled.fault === undefined && verdicts.every(({ held }) => held), verdicts };
}
