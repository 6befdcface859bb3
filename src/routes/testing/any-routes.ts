import fc from 'fast-check';
import { TICKET_EVENT_TYPES } from '../../ticket-event/ticket-event.js';
import type { Matcher, MatcherOp } from '../matcher.js';

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
/** Documents that have something, or nothing, at `FIELDS`. */
export const documents: fc.Arbitrary<unknown> = fc.record(
  {
    type: fc.constantFrom(...TICKET_EVENT_TYPES),
    ticket,
    message: fc.record({ text: word, is_internal: fc.boolean() }),
    changes: fc.array(fc.record({ field: word, to: word }, optional), { maxLength: 3 }),
  },
  optional,
);

/** Some fields, and what stands at each of a document, read in the plainest way. */
export const FIELDS: Readonly<Record<string, (document: Loose) => unknown[]>> = {
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

/** A document as far as `FIELDS` goes. */
export interface Loose {
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

/** Up to four matchers of these fields. */
export const matchers = fc.array(fc.constantFrom(...Object.keys(FIELDS)).chain(matcherOf), { maxLength: 4 });
