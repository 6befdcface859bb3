import fc from 'fast-check';
import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import { buildEvent } from '../notifiers/testing/event-builder.js';
import { compileRoute, type CompiledRoute } from './compile-route.js';
import { routeMatches } from './match-route.js';
import type { Matcher, MatcherOp } from './matcher.js';
import { RouteIndex } from './route-index.js';
import { documents, matchers } from './testing/any-routes.js';

type Route = Parameters<typeof compileRoute>[0];

function route(stop: boolean, ...list: [string, MatcherOp, unknown][]): Route {
  return { matchers: list.map(([field, op, value]): Matcher => ({ field, op, value })), settings: { stop } };
}

function found(event: TicketEventDocument, ...routes: Route[]): Route[] {
  return new RouteIndex(routes.map((each) => compileRoute(each))).match(event).map((compiled) => compiled.route);
}

describe('the routes that match', () => {
  const event = buildEvent('ticket.opened', { ticket: { number: '9', tags: ['vip', 'billing'] } });
  const catchAll = route(false);
  const vip = route(true, ['ticket.tags', 'eq', 'vip']);
  const faveo = route(true, ['source.provider', 'eq', 'faveo']);

  it('come in their order, until one that matched says stop', () => {
    expect(found(event, catchAll, faveo, catchAll)).toEqual([catchAll, catchAll]);
    expect(found(event, faveo, catchAll, vip, catchAll)).toEqual([catchAll, vip]);
    expect(found(event, faveo)).toEqual([]);
    expect(found(event)).toEqual([]);
  });

  it('come once, however many of their texts the event has', () => {
    const both = route(false, ['ticket.tags', 'in', ['billing', 'vip', 'vip']]);
    expect(found(event, both, vip)).toEqual([both, vip]);
  });

  it('are asked whole: one text is not all that they want', () => {
    expect(found(event, route(false, ['ticket.tags', 'eq', 'vip'], ['ticket.number', 'eq', 8]))).toEqual([]);
    expect(found(event, route(false, ['ticket.tags', 'eq', 'vip'], ['ticket.tags', 'ne', 'billing']))).toEqual([]);
  });

  it('are none of those that want one of no texts', () => {
    expect(found(event, route(false, ['ticket.tags', 'in', []]))).toEqual([]);
  });

  it('are asked for by what few of them want, not by what all want', () => {
    const asked: string[] = [];
    const routes = Array.from({ length: 1_000 }, (_, number) => {
      const compiled = compileRoute(
        route(false, ['source.provider', 'eq', event.source.provider], ['ticket.number', 'eq', number]),
      );
      const [first, ...others] = compiled.matchers;
      if (!first) throw new Error('It has matchers.');
      const holds = (document: unknown): boolean => {
        asked.push(String(number));
        return first.holds(document);
      };
      return { ...compiled, matchers: [{ ...first, holds }, ...others] };
    });
    expect(new RouteIndex(routes).match(event)).toEqual([routes[9]]);
    expect(asked).toEqual(['9']);
  });

  it('are those that match one by one, whatever the routes and the event', () => {
    const route = fc.record({ matchers, settings: fc.record({ stop: fc.boolean() }) });
    fc.assert(
      fc.property(fc.array(route, { maxLength: 12 }), documents, (list, loose) => {
        const event = loose as TicketEventDocument;
        const routes = list.map((each) => compileRoute(each));
        expect(new RouteIndex(routes).match(event)).toEqual(oneByOne(routes, event));
      }),
      { numRuns: 2_000 },
    );
  });
});

function oneByOne(routes: readonly CompiledRoute[], event: TicketEventDocument): CompiledRoute[] {
  const matching = routes.filter((each) => routeMatches(each, event));
  const last = matching.findIndex(({ stop }) => stop);
  return last === -1 ? matching : matching.slice(0, last + 1);
}
