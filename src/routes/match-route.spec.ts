import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import { compileRoute, type CompiledRoute } from './compile-route.js';
import { matchRoute, routeMatches } from './match-route.js';
import type { Matcher, MatcherOp } from './matcher.js';

const document: TicketEventDocument = {
  id: '01990a5c-7a1f-7000-8000-000000000001',
  type: 'message.customer_replied',
  native_type: 'customer_replied',
  source: { id: '7f3c', provider: 'groove', name: 'Groove EU' },
  occurred_at: '2025-11-21T10:00:00.000Z',
  received_at: '2025-11-21T10:00:01.000Z',
  deduplication_key: 'abc#0',
  ticket: {
    key: '9',
    number: '9',
    title: 'Refund, please',
    priority: { native: 'Urgent!', normal: 'urgent' },
    tags: ['vip', 'billing'],
    custom: { 'Order number': '1042', 'a.b': 'dotted', constructor: 'own' },
  },
  message: { text: 'First line\nI want a refund', is_internal: false },
  changes: [
    { field: 'priority', from: 'low', to: 'urgent' },
    { field: 'group', to: 'Billing' },
  ],
};

function route(...matchers: Matcher[]): CompiledRoute {
  return compileRoute({ matchers, settings: {} });
}

function holds(field: string, op: MatcherOp, value?: unknown): boolean {
  return routeMatches(route({ field, op, value }), document);
}

describe('one matcher', () => {
  it.each<[string, MatcherOp, unknown, boolean]>([
    ['type', 'eq', 'message.customer_replied', true],
    ['type', 'eq', 'Message.customer_replied', false],
    ['type', 'ne', 'ping', true],
    ['source.provider', 'in', ['faveo', 'groove'], true],
    ['source.provider', 'not_in', ['faveo', 'groove'], false],
    ['ticket.number', 'eq', 9, true],
    ['ticket.number', 'in', [8, 9], true],
    ['ticket.custom.Order number', 'eq', '1042', true],
    ['ticket.custom.a.b', 'eq', 'dotted', true],
    ['message.is_internal', 'eq', false, true],
    ['message.is_internal', 'eq', 'false', true],
    ['message.is_internal', 'ne', true, true],
    ['message.text', 'matches', 'refund', true],
    ['message.text', 'matches', '^I want', false],
    ['message.text', 'matches', '(?m)^I want', true],
    ['message.text', 'not_matches', 'thanks', true],
    ['ticket.title', 'matches', '(?i)^REFUND', true],
  ])('%s %s %j: %s', (field, op, value, expected) => {
    expect(holds(field, op, value)).toBe(expected);
  });

  it.each<[string, MatcherOp, unknown, boolean]>([
    ['ticket.tags', 'eq', 'vip', true],
    ['ticket.tags', 'ne', 'vip', false],
    ['ticket.tags', 'ne', 'spam', true],
    ['ticket.tags', 'in', ['spam', 'billing'], true],
    ['ticket.tags', 'not_in', ['spam', 'billing'], false],
    ['ticket.tags', 'matches', '^bill', true],
    ['ticket.tags', 'not_matches', '^bill', false],
    ['changes.field', 'eq', 'group', true],
    ['changes.to', 'in', ['urgent'], true],
    ['changes.from', 'ne', 'low', false],
  ])('a list counts as any of its elements: %s %s %j: %s', (field, op, value, expected) => {
    expect(holds(field, op, value)).toBe(expected);
  });

  it.each<[MatcherOp, unknown, boolean]>([
    ['eq', '', false],
    ['in', ['', 'undefined', 'null'], false],
    ['matches', '', false],
    ['ne', 'x', true],
    ['not_in', ['x'], true],
    ['not_matches', '.*', true],
    ['exists', undefined, false],
    ['exists', true, false],
    ['exists', false, true],
  ])('an absent field: %s %j: %s', (op, value, expected) => {
    for (const field of ['ticket.group', 'ticket.custom.Nothing', 'person.name', 'actor.kind']) {
      expect(holds(field, op, value)).toBe(expected);
    }
  });

  it.each<[string, boolean]>([
    ['ticket', true],
    ['ticket.priority', true],
    ['ticket.assignee', false],
    ['ticket.tags', true],
    ['changes', true],
    ['ticket.custom', true],
    ['person', false],
  ])('exists tells of groups and lists: %s: %s', (field, expected) => {
    expect(holds(field, 'exists')).toBe(expected);
    expect(holds(field, 'exists', false)).toBe(!expected);
  });

  it('takes an empty list and an empty group for nothing', () => {
    const bare = { ...document, ticket: { key: '9', tags: [], custom: {} }, changes: [] };
    for (const field of ['ticket.tags', 'ticket.custom', 'changes', 'changes.field']) {
      expect(routeMatches(route({ field, op: 'exists' }), bare)).toBe(false);
    }
  });

  it('follows own properties only', () => {
    expect(holds('ticket.custom.constructor', 'eq', 'own')).toBe(true);
    expect(holds('ticket.custom.toString', 'exists')).toBe(false);
    expect(holds('ticket.custom.__proto__', 'exists')).toBe(false);
    const parsed = JSON.parse('{"ticket": {"custom": {"__proto__": "own"}}}') as TicketEventDocument;
    expect(routeMatches(route({ field: 'ticket.custom.__proto__', op: 'eq', value: 'own' }), parsed)).toBe(true);
  });

  it('searches the first 10,000 characters of a field', () => {
    const matcher: Matcher = { field: 'message.text', op: 'matches', value: 'needle' };
    const found = (before: number): boolean =>
      routeMatches(route(matcher), {
        ...document,
        message: { text: `${' '.repeat(before)}needle`, is_internal: false },
      });
    expect(found(9_994)).toBe(true);
    expect(found(9_995)).toBe(false);
  });
});

describe('a route', () => {
  it('without matchers takes everything', () => {
    expect(matchRoute(route(), document)).toEqual({ matched: true, verdicts: [] });
  });

  it('says of each matcher what it saw, also after one that failed', () => {
    const verdict = matchRoute(
      route(
        { field: 'source.provider', op: 'eq', value: 'faveo' },
        { field: 'ticket.tags', op: 'in', value: ['vip'] },
        { field: 'changes.to', op: 'exists' },
        { field: 'ticket.group', op: 'ne', value: 'Sales' },
        { field: 'ticket.priority', op: 'exists', value: true },
        { field: 'message.is_internal', op: 'eq', value: 'false' },
      ),
      document,
    );
    expect(verdict).toEqual({
      matched: false,
      verdicts: [
        { field: 'source.provider', op: 'eq', value: 'faveo', seen: 'groove', held: false },
        { field: 'ticket.tags', op: 'in', value: ['vip'], seen: ['vip', 'billing'], held: true },
        { field: 'changes.to', op: 'exists', value: true, seen: ['urgent', 'Billing'], held: true },
        { field: 'ticket.group', op: 'ne', value: 'Sales', seen: null, held: true },
        { field: 'ticket.priority', op: 'exists', value: true, seen: ['native', 'normal'], held: true },
        { field: 'message.is_internal', op: 'eq', value: 'false', seen: false, held: true },
      ],
    });
  });

  it('shows a list of one as a list, and long texts cut without half characters', () => {
    const long = { text: `${'a'.repeat(999)}😀${'b'.repeat(70_000)}`, is_internal: false };
    const changed = { ...document, message: long, changes: [{ field: 'status' }] };
    const { verdicts } = matchRoute(
      route({ field: 'changes.field', op: 'exists' }, { field: 'message.text', op: 'exists' }),
      changed,
    );
    expect(verdicts.map(({ seen }) => seen)).toEqual([['status'], `${'a'.repeat(999)}\ufffd…`]);
  });
});
