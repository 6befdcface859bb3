import { matcherProblems } from './check-matchers.js';
import { compileRoute } from './compile-route.js';
import type { Matcher } from './matcher.js';

const pattern = (value: string): Matcher => ({ field: 'message.text', op: 'matches', value });
const messages = (...matchers: Matcher[]): string[] => matcherProblems(matchers).map(({ message }) => message);
const REPEATS = 'matchers.0: value: the pattern repeats too much; use smaller repetition counts.';
const together = 'matchers: the patterns of a route have at most 500 instructions of RE2 together.';

describe('matchers that are to be saved', () => {
  it.each([
    '(?i)\\b(refund|chargeback|invoice|billing|payment|credit card|vat|tax)\\b',
    '^[A-Z]{2,5}-\\d{1,6}$',
    'error.{0,100}timeout',
    '(?i)[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}',
    'a'.repeat(248),
    // Numbers in braces that repeat nothing.
    '\\{999\\}[{500}]',
  ])('may have the pattern %s', (value) => {
    expect(messages(pattern(value))).toEqual([]);
  });

  it.each([
    ['(?:.{100}){2}.{200}', REPEATS],
    ['a{251}', REPEATS],
    ['.{0,1000}'.repeat(100), REPEATS],
    ['(?i)x{1000}'.repeat(90), REPEATS],
    [
      '(?:(?:(?:x{10}){10}){10})',
      'matchers.0: value: the pattern comes to 1002 instructions of RE2, and at most 250 are taken; use smaller repetition counts, or fewer alternatives.',
    ],
    [
      'a'.repeat(249),
      'matchers.0: value: the pattern comes to 251 instructions of RE2, and at most 250 are taken; use smaller repetition counts, or fewer alternatives.',
    ],
  ])('are refused the pattern %s, for what it would cost with each event', (value, message) => {
    expect(messages(pattern(value))[0]).toBe(message);
  });

  it('may cost so much together, and what comes after is not even compiled', () => {
    const large = pattern('a'.repeat(240));
    expect(messages(large, large)).toEqual([]);
    expect(messages(large, large, large, pattern('('))).toEqual([together]);
    const bombs = Array.from({ length: 50 }, () => pattern('(?:(?:(?:x{10}){10}){10})'.repeat(8)));
    expect(messages(...bombs)).toHaveLength(5);
  });

  it('may have texts of a thousand characters, and not much more of them than anybody reads', () => {
    const long = 'x'.repeat(1_001);
    const refusal = 'matchers.0: value: a text has at most 1000 characters.';
    expect(messages({ field: 'type', op: 'eq', value: long })).toEqual([refusal]);
    expect(messages({ field: 'type', op: 'not_in', value: ['x', long] })).toEqual([refusal]);
    expect(messages({ field: 'type', op: 'in', value: ['x', long.slice(1)] })).toEqual([]);
    const list = { field: 'type', op: 'in' as const, value: Array.from({ length: 70 }, () => long.slice(1)) };
    expect(messages(list)).toEqual(['matchers: together they have more than 65536 characters.']);
  });

  it('that an earlier version took still work', () => {
    const value = `${'.{100}'.repeat(9)}x`;
    expect(messages(pattern(value))).toEqual([REPEATS]);
    expect(compileRoute({ matchers: [pattern(value)], settings: {} }).matchers).toHaveLength(1);
  });
});
