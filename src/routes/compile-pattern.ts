import { RE2JS } from 're2js';
import { LONGEST_PATTERN, MatcherError } from './matcher.js';

/**
 * Instructions of a compiled pattern. RE2 takes time in proportion to text × instructions at worst: 0.4 s for 300
 * instructions on 64 KiB of the most hostile text, measured on one core. Any pattern of plain characters fits; what
 * does not are repetitions of hundreds, such as `.{1000}` many times over.
 */
const MOST_INSTRUCTIONS = LONGEST_PATTERN + 24;

/** How far into a field a pattern looks: 64 Ki UTF-16 units, which is as much as the log keeps of a message. */
const LONGEST_SEARCHED = 65_536;

/**
 * Compiles a regular expression of RE2's syntax (https://github.com/google/re2/wiki/Syntax).
 *
 * @returns a test whether a text contains a match, in time linear in the text
 * @throws MatcherError with RE2's words for a pattern it does not understand; for one that is too long or too costly
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  if (pattern.length > LONGEST_PATTERN) {
    throw new MatcherError(
      `value: a pattern has at most ${LONGEST_PATTERN} characters; this one has ${pattern.length}.`,
    );
  }
  const regex = compile(pattern);
  if (regex.programSize() > MOST_INSTRUCTIONS) {
    throw new MatcherError('value: the pattern repeats too much; use smaller repetition counts.');
  }
  return (text) => regex.test(text.length > LONGEST_SEARCHED ? text.slice(0, LONGEST_SEARCHED) : text);
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MatcherError(`value: RE2 does not understand the pattern: ${reason}`, { cause: error });
  }
}
