import { RE2JS } from 're2js';
import { LONGEST_PATTERN, MatcherError } from './matcher.js';

/**
 * Instructions of a compiled pattern, beyond which no stored one is used. What is saved keeps to a lower limit
 * (`check-matchers.ts`).
 */
const MOST_INSTRUCTIONS = LONGEST_PATTERN + 24;

/**
 * How far into a field a pattern looks, in UTF-16 units: as far as Zulip shows of a message. RE2 takes time in proportion
 * to the text, whatever is in it: 0.1 s for a pattern of 250 instructions on this much of the most hostile text, measured
 * on one core (0.25 s on 64 Ki units).
 */
const LONGEST_SEARCHED = 10_000;

/** A pattern made ready for many texts. */
export interface CompiledPattern {
  /** As RE2 counts them: about one for a plain character, and as many for a repetition as its greatest count. */
  instructions: number;
  /** Whether the first 10,000 UTF-16 units of a text contain a match, in time linear in them. */
  test: (text: string) => boolean;
}

/** As many as there can be in all routes, nearly: they are compiled anew after every change, and whenever routes are listed. */
const MOST_KEPT = 5_000;
/** What is compiled already, the pattern used last at the end. */
const kept = new Map<string, CompiledPattern>();

/**
 * Compiles a regular expression of RE2's syntax; one that is known already is not compiled again.
 *
 * @throws MatcherError as `compileAnew`
 */
export function compilePattern(pattern: string): CompiledPattern {
  const known = kept.get(pattern) ?? compileAnew(pattern);
  kept.delete(pattern);
  kept.set(pattern, known);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return known;
}

/**
 * Compiles a regular expression of RE2's syntax (https://github.com/google/re2/wiki/Syntax).
 *
 * @throws MatcherError with RE2's words for a pattern it does not understand; for one that is too long or too costly
 */
function compileAnew(pattern: string): CompiledPattern {
  if (pattern.length > LONGEST_PATTERN) {
    throw new MatcherError(
      `value: a pattern has at most ${LONGEST_PATTERN} characters; this one has ${pattern.length}.`,
    );
  }
  const regex = compile(pattern);
  const instructions = regex.programSize();
  if (instructions > MOST_INSTRUCTIONS) {
    throw new MatcherError('value: the pattern repeats too much; use smaller repetition counts.');
  }
  const test = (text: string): boolean =>
    regex.test(text.length > LONGEST_SEARCHED ? text.slice(0, LONGEST_SEARCHED) : text);
  return { instructions, test };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MatcherError(`value: RE2 does not understand the pattern: ${reason}`, { cause: error });
  }
}
