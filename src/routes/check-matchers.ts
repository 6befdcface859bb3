import type { FieldProblem } from '../http/problem.js';
import { compileMatcher } from './compile-matcher.js';
import { LONGEST_VALUE, type Matcher, MatcherError } from './matcher.js';

/** A pattern that is saved: 0.1 s on the most hostile text, measured; some thirty words of a list fit. */
const MOST_INSTRUCTIONS = 250;
/** All patterns of a route together: so long may one event take with it. */
const MOST_INSTRUCTIONS_A_ROUTE = 500;
/** UTF-16 units of a route's matchers as JSON: every revision holds those of all routes. */
const LARGEST_MATCHERS = 65_536;

/** Then no more are looked at: what is refused has taken time as well, up to 15 ms a pattern. */
const MOST_PROBLEMS = 5;

const PATTERN_OPS: readonly string[] = ['matches', 'not_matches'];
/** What is escaped, a class of characters, or a repetition with its counts. */
const REPETITION = /\\.|\[(?:\\.|[^\]\\])*\]|\{(\d{1,4})(?:,(\d{0,4}))?\}/gs;

/**
 * Judges matchers before they are saved, more strictly than stored ones are read: what was saved by an earlier version
 * must still work.
 *
 * @returns what is wrong with them; nothing where they can be used
 */
export function matcherProblems(matchers: readonly Matcher[]): FieldProblem[] {
  if (JSON.stringify(matchers).length > LARGEST_MATCHERS) {
    return [problem('matchers', `together they have more than ${LARGEST_MATCHERS} characters.`)];
  }
  const problems: FieldProblem[] = [];
  let left = MOST_INSTRUCTIONS_A_ROUTE;
  for (const [index, matcher] of matchers.entries()) {
    try {
      left -= check(matcher);
    } catch (error) {
      if (!(error instanceof MatcherError)) throw error;
      problems.push(problem(`matchers.${index}`, error.message));
    }
    if (left < 0) {
      const message = `the patterns of a route have at most ${MOST_INSTRUCTIONS_A_ROUTE} instructions of RE2 together.`;
      problems.push(problem('matchers', message));
    }
    if (left < 0 || problems.length >= MOST_PROBLEMS) break;
  }
  return problems;
}

/** @returns what its pattern costs, in instructions of RE2. @throws MatcherError */
function check(matcher: Matcher): number {
  const { op, value } = matcher;
  const isPattern = PATTERN_OPS.includes(op);
  if (isPattern && typeof value === 'string') refuseRepetitions(value);
  else refuseLongValues(value);
  const { instructions } = compileMatcher(matcher);
  if (instructions > MOST_INSTRUCTIONS) {
    throw new MatcherError(
      `value: the pattern comes to ${instructions} instructions of RE2, and at most ${MOST_INSTRUCTIONS} are taken; ` +
        'use smaller repetition counts, or fewer alternatives.',
    );
  }
  return instructions;
}

/** A pattern of a thousand characters may compile to a quarter of a million instructions, in half a second: not begun. */
function refuseRepetitions(pattern: string): void {
  let sum = 0;
  for (const [, least, most] of pattern.matchAll(REPETITION)) sum += Math.max(Number(least ?? 0), Number(most ?? 0));
  if (sum > MOST_INSTRUCTIONS) {
    throw new MatcherError('value: the pattern repeats too much; use smaller repetition counts.');
  }
}

function refuseLongValues(value: unknown): void {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.some((each) => typeof each === 'string' && each.length > LONGEST_VALUE)) {
    throw new MatcherError(`value: a text has at most ${LONGEST_VALUE} characters.`);
  }
}

function problem(field: string, message: string): FieldProblem {
  return { field, message: `${field}: ${message}` };
}
