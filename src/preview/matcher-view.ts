import type { RouteVerdict } from '../routes/match-route.js';
import type { MatcherVerdictView } from './matcher-verdict.dto.js';

/** @returns what became of a matcher, as the API shows it */
export function toMatcherView(verdict: RouteVerdict['verdicts'][number]): MatcherVerdictView {
  const { field, op, value, held, seen, fault } = verdict;
  return { field, op, value: value ?? null, matched: held, saw: seen, ...(fault !== undefined && { fault }) };
}
