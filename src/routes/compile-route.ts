import { type CompiledMatcher, compileMatcher, faultOf, readMatcher } from './compile-matcher.js';
import { type Matcher, MatcherError, MOST_MATCHERS } from './matcher.js';

/** As much of a route as judging an event takes. */
export interface JudgingRoute {
  matchers: readonly Matcher[];
  settings: { stop?: boolean };
}

/** A route made ready for many events, with the route it was made of. */
export interface CompiledRoute<Route extends JudgingRoute = JudgingRoute> {
  readonly route: Route;
  readonly matchers: readonly CompiledMatcher[];
  /** Later routes do not see an event that this one matched. */
  readonly stop: boolean;
  /** Why a stored route cannot be used: then it matches nothing. */
  readonly fault?: string;
}

/** @throws MatcherError when one of the route's matchers cannot be used, with its place in the list; when they are too many */
export function compileRoute<Route extends JudgingRoute>(route: Route): CompiledRoute<Route> {
  if (route.matchers.length > MOST_MATCHERS) {
    throw new MatcherError(`matchers: a route has at most ${MOST_MATCHERS}; this one has ${route.matchers.length}.`);
  }
  return { route, matchers: route.matchers.map(compileNth), stop: route.settings.stop === true };
}

/**
 * Makes a stored route ready, whatever has become of it: what an older version took, or what is damaged, must not keep the
 * others from being asked. One that cannot be used matches nothing, and says why.
 */
export function readRoute<Route extends JudgingRoute>(route: Route): CompiledRoute<Route> {
  try {
    return compileRoute(route);
  } catch (error) {
    const stored: unknown = route.matchers;
    const matchers = Array.isArray(stored) ? (stored as Matcher[]).slice(0, MOST_MATCHERS).map(readMatcher) : [];
    return { route, matchers, stop: false, fault: faultOf(error) };
  }
}

function compileNth(matcher: Matcher, index: number): CompiledMatcher {
  try {
    return compileMatcher(matcher);
  } catch (error) {
    if (!(error instanceof MatcherError)) throw error;
    throw new MatcherError(`matchers.${index}: ${error.message}`, { cause: error });
  }
}
