import type { ParseAttempt } from './parse-attempt.js';

/** No helpdesk nests a dozen levels; code that walks a payload may recurse this deep without harm. */
const DEEPEST_JSON = 100;
/** The first integer that a double cannot tell from its neighbour, 2^53, has this many digits. */
const UNSAFE_DIGITS = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const OPENERS: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSERS: ReadonlySet<number> = new Set([0x5d, 0x7d]);
const BEGINS_A_VALUE = /^[{["\-0-9tfn]/;
/** Searched for, since a pattern that repeats runs out of stack on millions of digits: seen on a busy machine. */
const NO_DIGIT = /\D/;

/**
 * Parses JSON. Integers that JavaScript's numbers cannot hold exactly come back as strings of their digits, since they
 * are ids and an id that is almost right is wrong. A key `__proto__` becomes an own property, as JSON.parse has it.
 *
 * @param text without white space around it
 */
export function parseJsonText(text: string): ParseAttempt {
  if (!BEGINS_A_VALUE.test(text)) return { failure: 'JSON (it does not begin like it)' };
  const scan = scanJson(text);
  if (scan.isTooDeep) return { failure: `JSON (it nests deeper than ${DEEPEST_JSON} levels)` };
  try {
    return { value: JSON.parse(quoteIntegers(text, scan.unsafeIntegers)) as unknown };
  } catch {
    return { failure: 'JSON (it begins like it but breaks its rules)' };
  }
}

interface Scan {
  isTooDeep: boolean;
  /** Begin and end of each. */
  unsafeIntegers: [number, number][];
}

/** One pass before parsing, so that a hostile nesting costs neither stack nor memory. */
function scanJson(text: string): Scan {
  const scan: Scan = { isTooDeep: false, unsafeIntegers: [] };
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === QUOTE) {
      index = endOfString(text, index);
    } else if (OPENERS.has(unit)) {
      depth += 1;
      if (depth > DEEPEST_JSON) return { ...scan, isTooDeep: true };
    } else if (CLOSERS.has(unit)) {
      depth -= 1;
    } else if (unit >= ZERO && unit <= NINE) {
      const end = endOfNumber(text, index);
      if (isUnsafeInteger(text, index, end)) scan.unsafeIntegers.push([index, end]);
      index = end - 1;
    }
  }
  return scan;
}

/** By searching for quotes, which is many times faster than to go over every character of a long text. */
function endOfString(text: string, begin: number): number {
  let end = text.indexOf('"', begin + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** An odd number of backslashes before it. They cannot begin before the string, whose own quote stands there. */
function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function endOfNumber(text: string, begin: number): number {
  let end = begin + 1;
  while ('0123456789+-.eE'.includes(text.charAt(end)) && end < text.length) end += 1;
  return end;
}

function isUnsafeInteger(text: string, begin: number, end: number): boolean {
  if (end - begin < UNSAFE_DIGITS) return false;
  const digits = text.slice(begin, end);
  return !NO_DIGIT.test(digits) && !Number.isSafeInteger(Number(digits));
}

function quoteIntegers(text: string, integers: readonly [number, number][]): string {
  if (integers.length === 0) return text;
  const pieces: string[] = [];
  let copied = 0;
  for (const [digits, end] of integers) {
    const begin = text.charAt(digits - 1) === '-' ? digits - 1 : digits;
    pieces.push(text.slice(copied, begin), `"${text.slice(begin, end)}"`);
    copied = end;
  }
  return [...pieces, text.slice(copied)].join('');
}
