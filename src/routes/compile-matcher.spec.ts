import fc from 'fast-check';
import { runToEnd } from '../../test/support/run-to-end.js';
import { compileMatcher } from './compile-matcher.js';
import { compileRoute } from './compile-route.js';
import { isKnownField } from './known-fields.js';
import { type Matcher, MATCHER_OPS, MatcherError } from './matcher.js';

function refusal(matcher: unknown): string {
  try {
    compileMatcher(matcher as Matcher);
  } catch (error) {
    if (error instanceof MatcherError) return error.message;
    throw error;
  }
  throw new Error('The matcher was taken.');
}

describe('fields', () => {
  it.each([
    'type',
    'native_type',
    'source.provider',
    'ticket.priority.normal',
    'ticket.requester.email',
    'ticket.tags',
    'ticket.custom.Order number',
    'ticket.custom.a.b',
    'ticket.custom',
    'message.is_internal',
    'actor.kind',
    'person.name',
    'changes.field',
    'changes.from',
    'changes.to',
    'changes',
    'ticket.assignee',
  ])('%s is known', (field) => {
    expect(isKnownField(field)).toBe(true);
  });

  it.each([
    '',
    '.',
    'Type',
    'nativeType',
    'ticket.',
    'ticket.priority.normal.x',
    'ticket.custom.',
    'ticket.tags.0',
    'changes.0.field',
    'constructor',
    '__proto__',
    'ticket.__proto__',
    'ticket.constructor.name',
    'message.isInternal',
  ])('"%s" is not', (field) => {
    expect(isKnownField(field)).toBe(false);
    expect(refusal({ field, op: 'exists' })).toBe(`field: "${field}" is not a field of a ticket event.`);
  });

  it('that only have parts can be asked for, not compared', () => {
    expect(refusal({ field: 'ticket.priority', op: 'eq', value: 'high' })).toBe(
      'field: "ticket.priority" has no value of its own; use one of ticket.priority.native, ticket.priority.normal.',
    );
    expect(refusal({ field: 'ticket.custom', op: 'ne', value: 'x' })).toBe(
      'field: "ticket.custom" has no value of its own; use one of ticket.custom.<name>.',
    );
  });
});

describe('values', () => {
  it.each([
    ['eq', undefined, 'value: eq and ne take a string, a number or a boolean.'],
    ['ne', null, 'value: eq and ne take a string, a number or a boolean.'],
    ['eq', ['x'], 'value: eq and ne take a string, a number or a boolean.'],
    ['in', 'x', 'value: in and not_in take a list.'],
    ['not_in', { 0: 'x', length: 1 }, 'value: in and not_in take a list.'],
    ['in', ['x', null], 'value: in and not_in take a list of strings, numbers or booleans.'],
    ['in', [['x']], 'value: in and not_in take a list of strings, numbers or booleans.'],
    ['matches', 9, 'value: matches and not_matches take a pattern, as a string.'],
    ['not_matches', ['x'], 'value: matches and not_matches take a pattern, as a string.'],
    ['exists', 'true', 'value: exists takes true or false.'],
    ['exists', null, 'value: exists takes true or false.'],
    ['contains', 'x', `op: "contains" is not one of ${MATCHER_OPS.join(', ')}.`],
    ['constructor', 'x', `op: "constructor" is not one of ${MATCHER_OPS.join(', ')}.`],
  ])('%s with %j is refused', (op, value, message) => {
    expect(refusal({ field: 'type', op, value })).toBe(message);
  });

  it('have limits', () => {
    const values = Array.from({ length: 501 }, (_, index) => index);
    expect(refusal({ field: 'type', op: 'in', value: values })).toBe(
      'value: a list has at most 500 values; this one has 501.',
    );
    expect(() => compileMatcher({ field: 'type', op: 'in', value: values.slice(1) })).not.toThrow();
    expect(refusal({ field: 'type', op: 'matches', value: 'a'.repeat(1_001) })).toBe(
      'value: a pattern has at most 1000 characters; this one has 1001.',
    );
    for (const pattern of ['a'.repeat(1_000), `(?i)${'ß'.repeat(996)}`, '[a-z]'.repeat(200)]) {
      expect(() => compileMatcher({ field: 'type', op: 'matches', value: pattern })).not.toThrow();
    }
  });

  it('of a route are refused with their place; more than 50 matchers are refused', () => {
    const good: Matcher = { field: 'type', op: 'exists' };
    const bad: Matcher = { field: 'type', op: 'eq' };
    expect(() => compileRoute({ matchers: [good, bad], settings: {} })).toThrow(
      'matchers.1: value: eq and ne take a string, a number or a boolean.',
    );
    const many = Array.from({ length: 51 }, () => good);
    expect(() => compileRoute({ matchers: many, settings: {} })).toThrow(
      'matchers: a route has at most 50; this one has 51.',
    );
    expect(compileRoute({ matchers: many.slice(1), settings: {} }).matchers).toHaveLength(50);
  });

  it('of any kind are taken or refused by name', () => {
    const values = fc.oneof(fc.anything(), fc.string(), fc.array(fc.string()));
    fc.assert(
      fc.property(fc.constantFrom(...MATCHER_OPS), values, (op, value) => {
        try {
          compileMatcher({ field: 'message.text', op, value }).holds({ message: { text: 'text' } });
        } catch (error) {
          expect(error).toBeInstanceOf(MatcherError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('patterns', () => {
  it.each([
    ['(', 'missing closing )'],
    ['a{2,1}', 'invalid repeat count'],
    ['(?=a)', 'invalid or unsupported Perl syntax'],
    ['(a)\\1', 'invalid escape sequence'],
    ['((a{100}){100}){100}', 'invalid repeat count'],
    ['a{1001}', 'invalid repeat count'],
  ])('%s is refused with the words of RE2', (pattern, reason) => {
    const message = refusal({ field: 'message.text', op: 'matches', value: pattern });
    expect(message).toMatch(/^value: RE2 does not understand the pattern: error parsing regexp: /);
    expect(message).toContain(reason);
  });

  it.each(['.{1000}'.repeat(142), '(?:.{500}){2}.{500}', '(?:a?b?c?d?){90}'.repeat(10), 'a{999}b{999}'])(
    '%s is refused, for what it would cost',
    (pattern) => {
      expect(refusal({ field: 'message.text', op: 'matches', value: pattern })).toBe(
        'value: the pattern repeats too much; use smaller repetition counts.',
      );
    },
  );

  // A backtracking engine needs longer than the universe has for some of these.
  it.each([
    '(a+)+$',
    '(a*)*b',
    '^(a|a)*$',
    '(a|aa)+$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(.*a){12}$',
    '(?:a?){30}a{30}$',
  ])('%s answers soon on as much of the worst text as is looked at', (pattern) => {
    const { holds } = compileMatcher({ field: 'message.text', op: 'matches', value: pattern });
    expect(runToEnd(() => holds({ message: { text: `${'a'.repeat(9_999)}!` } }))).toBe(false);
  });

  it('of the largest permitted size still answer', () => {
    let seed = 1;
    const text = Array.from({ length: 10_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % 2 === 0 ? 'a' : 'b';
    }).join('');
    const { holds } = compileMatcher({ field: 'message.text', op: 'matches', value: '(?:a|b)*a(?:a|b){990}[^ab]' });
    expect(runToEnd(() => holds({ message: { text } }))).toBe(false);
  });
});
