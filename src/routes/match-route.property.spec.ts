import fc from 'fast-check';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import { compileRoute, type CompiledRoute } from './compile-route.js';
import { matchRoute, routeMatches } from './match-route.js';
import type { Matcher } from './matcher.js';
import { documents, FIELDS, type Loose, matchers } from './testing/any-routes.js';

function route(...matchers: Matcher[]): CompiledRoute {
  return compileRoute({ matchers, settings: {} });
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
  it('agree with the plainest reading of the rules', () => {
    fc.assert(
      fc.property(matchers, documents, (list, event) => {
        const compiled = route(...list);
        const loose = event as TicketEventDocument;
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
