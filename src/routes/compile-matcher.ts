import { compilePattern } from './compile-pattern.js';
import { findField, type KnownField } from './known-fields.js';
import { type Matcher, MatcherError, MATCHER_OPS, MOST_LIST_VALUES } from './matcher.js';
import { asText, someAt } from './read-field.js';

/** A matcher made ready for many events. */
export interface CompiledMatcher {
  /** As written, `value` of `exists` filled in. */
  readonly matcher: Matcher;
  readonly path: readonly string[];
  /** Whether the matcher holds for a TicketEventDocument. Never throws, whatever the document. */
  readonly holds: (document: unknown) => boolean;
  /** Of its pattern, what it costs to compile and to match; 0 without one. */
  readonly instructions: number;
  /** The texts of which one must stand at the path for it to hold; undefined where others may do as well. */
  readonly texts?: readonly string[];
  /** Why a stored matcher cannot be used: then it holds for nothing. */
  readonly fault?: string;
}

/**
 * Checks a matcher and makes it ready: the path split, lists hashed, the pattern compiled.
 *
 * @throws MatcherError for a field that no TicketEvent has, a value that does not fit the operator, a pattern that RE2
 * does not compile, and sizes beyond the limits of `matcher.ts`
 */
export function compileMatcher(matcher: Matcher): CompiledMatcher {
  const { field, op, value } = matcher;
  const known = findField(field);
  if (!known) throw new MatcherError(`field: "${field}" is not a field of a ticket event.`);
  if (op !== 'exists' && known.kind === 'parts') {
    throw new MatcherError(`field: "${field}" has no value of its own; use one of ${known.parts.join(', ')}.`);
  }
  switch (op) {
    case 'eq':
      return withTexts(matcher, known, [oneText(value)], true);
    case 'ne':
      return withTexts(matcher, known, [oneText(value)], false);
    case 'in':
      return withTexts(matcher, known, manyTexts(value), true);
    case 'not_in':
      return withTexts(matcher, known, manyTexts(value), false);
    case 'matches':
      return withPattern(matcher, known, true);
    case 'not_matches':
      return withPattern(matcher, known, false);
    case 'exists':
      return exists(matcher, known);
    default:
      // Routes come from JSON columns and YAML too: what the type excludes may still arrive.
      throw new MatcherError(`op: "${String(op)}" is not one of ${MATCHER_OPS.join(', ')}.`);
  }
}

/**
 * Makes a stored matcher ready, whatever has become of it. One that cannot be compiled holds for nothing and says why.
 */
export function readMatcher(matcher: Matcher): CompiledMatcher {
  try {
    return compileMatcher(matcher);
  } catch (error) {
    const shown = isMatcher(matcher) ? matcher : NO_MATCHER;
    return { matcher: shown, path: [], holds: () => false, instructions: 0, fault: faultOf(error) };
  }
}

const NO_MATCHER: Matcher = { field: '', op: 'exists' };

function isMatcher(stored: unknown): boolean {
  return typeof stored === 'object' && stored !== null;
}

/** @returns what is wrong with something stored, in words: an older version may have stored anything */
export function faultOf(error: unknown): string {
  return error instanceof MatcherError ? error.message : 'It cannot be read.';
}

function compiled(
  matcher: Matcher,
  { path }: KnownField,
  test: (text: string) => boolean,
  wanted: boolean,
  instructions = 0,
): CompiledMatcher {
  const passes = (found: unknown): boolean => {
    const text = asText(found);
    return text !== undefined && test(text);
  };
  return { matcher, path, holds: (document) => someAt(document, path, passes) === wanted, instructions };
}

function withTexts(matcher: Matcher, known: KnownField, texts: string[], wanted: boolean): CompiledMatcher {
  const [only, ...more] = texts;
  const among = new Set(texts);
  const test = more.length === 0 ? (text: string) => text === only : (text: string) => among.has(text);
  const made = compiled(matcher, known, test, wanted);
  return wanted ? { ...made, texts: [...among] } : made;
}

function withPattern(matcher: Matcher, known: KnownField, wanted: boolean): CompiledMatcher {
  const { value } = matcher;
  if (typeof value !== 'string') throw new MatcherError('value: matches and not_matches take a pattern, as a string.');
  const { test, instructions } = compilePattern(value);
  return compiled(matcher, known, test, wanted, instructions);
}

function exists(matcher: Matcher, { path }: KnownField): CompiledMatcher {
  const { field, op, value = true } = matcher;
  if (typeof value !== 'boolean') throw new MatcherError('value: exists takes true or false.');
  const holds = (document: unknown): boolean => someAt(document, path, isSomething) === value;
  return { matcher: { field, op, value }, path, holds, instructions: 0 };
}

/** A group without parts is nothing, as a list without elements is. */
function isSomething(found: unknown): boolean {
  return typeof found !== 'object' || found === null || Object.keys(found).length > 0;
}

function oneText(value: unknown): string {
  const text = asText(value);
  if (text === undefined) throw new MatcherError('value: eq and ne take a string, a number or a boolean.');
  return text;
}

function manyTexts(value: unknown): string[] {
  if (!Array.isArray(value)) throw new MatcherError('value: in and not_in take a list.');
  if (value.length > MOST_LIST_VALUES) {
    throw new MatcherError(`value: a list has at most ${MOST_LIST_VALUES} values; this one has ${value.length}.`);
  }
  return (value as unknown[]).map((element) => {
    const text = asText(element);
    if (text === undefined) throw new MatcherError('value: in and not_in take a list of strings, numbers or booleans.');
    return text;
  });
}
