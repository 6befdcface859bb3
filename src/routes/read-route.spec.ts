import { buildEvent } from '../notifiers/testing/event-builder.js';
import { readRoute } from './compile-route.js';
import { matchRoute } from './match-route.js';
import type { Matcher } from './matcher.js';
import { RouteIndex } from './route-index.js';

const event = buildEvent('ticket.created', { ticket: { number: '9' } });
const good: Matcher = { field: 'ticket.number', op: 'eq', value: '9' };

/** A route as a database might hold it. */
const stored = (matchers: unknown, settings: unknown = { stop: true }): Parameters<typeof readRoute>[0] =>
  ({ matchers, settings }) as Parameters<typeof readRoute>[0];

describe('a stored route', () => {
  it('that can be used has no fault', () => {
    const route = readRoute(stored([good]));
    expect(route).toMatchObject({ stop: true });
    expect(route).not.toHaveProperty('fault');
  });

  it.each<[string, unknown, unknown, string]>([
    ['an operator of another version', [good, { field: 'type', op: 'like', value: 'x' }], {}, 'matchers.1: op: "like"'],
    [
      'a pattern beyond all limits',
      [{ field: 'type', op: 'matches', value: 'a{999}b{999}' }],
      {},
      'matchers.0: value:',
    ],
    ['null for a matcher', [null], {}, 'It cannot be read.'],
    ['no list of matchers', 'x', {}, 'It cannot be read.'],
    ['no matchers', undefined, {}, 'It cannot be read.'],
    ['no settings', [], null, 'It cannot be read.'],
    ['more matchers than can be', Array.from({ length: 51 }, () => good), {}, 'matchers: a route has at most 50'],
  ])('with %s matches nothing and says why; the others are asked', (_what, matchers, settings, fault) => {
    const broken = readRoute(stored(matchers, settings));
    expect(broken.fault).toMatch(new RegExp(`^${fault}`));
    expect(matchRoute(broken, event).matched).toBe(false);
    const last = readRoute(stored([], {}));
    expect(new RouteIndex([broken, last]).match(event)).toEqual([last]);
  });

  it('shows of each matcher whether it can be used', () => {
    const broken = readRoute(stored([good, { field: 'type', op: 'like', value: 'x' }, null]));
    expect(matchRoute(broken, event).verdicts).toEqual([
      { field: 'ticket.number', op: 'eq', value: '9', seen: '9', held: true },
      {
        field: 'type',
        op: 'like',
        value: 'x',
        seen: null,
        held: null,
        fault: expect.stringMatching(/^op: "like" is not one of/),
      },
      { field: '', op: 'exists', value: undefined, seen: null, held: null, fault: 'It cannot be read.' },
    ]);
  });
});
