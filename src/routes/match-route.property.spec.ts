import fc from 'fast-check';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import { TICKET_EVENT_TYPES } from '../ticket-event/ticket-event.js';
import { compileRoute, type CompiledRoute } from './compile-route.js';
import { matchRoute, routeMatches } from './match-route.js';
import type { Matcher, MatcherOp } from './matcher.js';

function route(...matchers: Matcher[]): CompiledRoute {
  return compileRoute({ matchers, settings: {} });
}

const WORDS = ['vip', 'VIP', 'billing', 'true', '9', '', 'a.b', 'é', '😀'];
const word = fc.constantFrom(...WORDS);
const optional = { requiredKeys: [] };
const ticket = fc.record(
  {
    key: word,
    group: word,
    priority: fc.record({ native: word, normal: word }, optional),
    tags: fc.array(word, { maxLength: 3 }),
    custom: fc.dictionary(fc.constantFrom('a', 'a.b', 'constructor', '__proto__'), word),
  },
  optional,
);
const documents = fc.record(
  {
    type: fc.constantFrom(...TICKET_EVENT_TYPES),
    ticket,
    message: fc.record({ text: word, is_internal: fc.boolean() }),
    changes: fc.array(fc.record({ field: word, to: word }, optional), { maxLength: 3 }),
  },
  optional,
);

const FIELDS: Readonly<Record<string, (document: Loose) => unknown[]>> = {
  type: (event) => [event.type],
  'ticket.group': (event) => [event.ticket?.group],
  'ticket.priority.normal': (event) => [event.ticket?.priority?.normal],
  'ticket.tags': (event) => event.ticket?.tags ?? [],
  'ticket.custom.a.b': (event) => own(event.ticket?.custom, 'a.b'),
  'ticket.custom.constructor': (event) => own(event.ticket?.custom, 'constructor'),
  'message.text': (event) => [event.message?.text],
  'message.is_internal': (event) => [event.message?.is_internal],
  'changes.field': (event) => (event.changes ?? []).map((change) => change.field),
  'changes.to': (event) => (event.changes ?? []).map((change) => change.to),
};

interface Loose {
  type?: string | undefined;
  ticket?: {
    group?: string | undefined;
    priority?: { normal?: string | undefined } | undefined;
    tags?: string[] | undefined;
    custom?: Record<string, string> | undefined;
  };
  message?: { text: string; is_internal: boolean } | undefined;
  changes?: { field?: string | undefined; to?: string | undefined }[] | undefined;
}

function own(record: Record<string, string> | undefined, name: string): unknown[] {
  return record && Object.keys(record).includes(name) ? [record[name]] : [];
}

/** Understood alike by RE2 and by JavaScript. */
const PATTERNS = ['vip', '^$', '.', '[a-z]+$', 'true|9', '^.$', 'b(i|l)*ng', ''];

function matcherOf(field: string): fc.Arbitrary<Matcher> {
  const scalar = fc.oneof(word, fc.boolean(), fc.constantFrom(9, 1.5));
  const with_ = (ops: MatcherOp[], value: fc.Arbitrary<unknown>): fc.Arbitrary<Matcher> =>
    fc.record({ field: fc.constant(field), op: fc.constantFrom(...ops), value });
  return fc.oneof(
    with_(['eq', 'ne'], scalar),
    with_(['in', 'not_in'], fc.array(scalar, { maxLength: 4 })),
    with_(['matches', 'not_matches'], fc.constantFrom(...PATTERNS)),
    with_(['exists'], fc.boolean()),
  );
}

/** What the words of the API say, written down once more in the plainest way. */
function oracle({ field, op, value }: Matcher, event: Loose): boolean {
  const texts = (FIELDS[field]?.(event) ?? []).filter((found) => found !== undefined).map(String);
  const list = Array.isArray(value) ? value.map(String) : [];
  switch (op) {
    case 'eq':
      return texts.includes(String(value));
    case 'ne':
      return !texts.includes(String(value));
    case 'in':
      return texts.some((text) => list.includes(text));
    case 'not_in':
      return texts.every((text) => !list.includes(text));
    case 'matches':
      return texts.some((text) => new RegExp(String(value), 'u').test(text));
    case 'not_matches':
      return texts.every((text) => !new RegExp(String(value), 'u').test(text));
    case 'exists':
      return texts.length > 0 === value;
  }
}

describe('any matcher and any event', () => {
  const matchers = fc.array(fc.constantFrom(...Object.keys(FIELDS)).chain(matcherOf), { maxLength: 4 });

  it('agree with the plainest reading of the rules', () => {
    fc.assert(
      fc.property(matchers, documents, (list, event) => {
        const compiled = route(...list);
        const loose = event as unknown as TicketEventDocument;
        const expected = list.map((matcher) => oracle(matcher, event as Loose));
        const judged = matchRoute(compiled, loose);
        expect(judged.verdicts.map(({ held }) => held)).toEqual(expected);
        expect(judged.matched).toBe(expected.every(Boolean));
        expect(routeMatches(compiled, loose)).toBe(judged.matched);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throw, whatever stands where the contract has its fields', () => {
    const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withSparseArray: true });
    const parts = fc.record(
      { priority: anything, tags: anything, custom: anything, group: anything },
      { requiredKeys: [] },
    );
    const anyDocument = fc.oneof(
      anything,
      fc.record(
        {
          type: anything,
          ticket: fc.oneof(anything, parts, fc.array(parts)),
          message: anything,
          changes: fc.oneof(anything, fc.array(anything)),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(matchers, anyDocument, (list, event) => {
        const { matched } = matchRoute(route(...list), event as TicketEventDocument);
        expect(routeMatches(route(...list), event as TicketEventDocument)).toBe(matched);
      }),
      { numRuns: 1_000 },
    );
  });
});
