import type { TicketEventDocument } from '../ticket-event/ticket-event-document.js';
import type { CompiledMatcher } from './compile-matcher.js';
import type { CompiledRoute, JudgingRoute } from './compile-route.js';
import { routeMatches } from './match-route.js';
import { asText, someAt } from './read-field.js';

/** Places of routes in their order, ascending. */
type Places = readonly number[];

/** A field of which routes ask for certain texts, and who asks for which. */
interface IndexedField {
  path: readonly string[];
  places: Map<string, number[]>;
}

/**
 * Finds the routes that match an event without asking each of them: a thousand routes, of which each wants another group or
 * another tag, are asked by what the event has there. Each route that has matchers of the kind `eq` or `in` stands under the
 * one that the fewest others share, and is a candidate only where the event has one of its texts; the others are always
 * candidates. Candidates are asked whole.
 */
export class RouteIndex<Route extends JudgingRoute = JudgingRoute> {
  private readonly fields: readonly IndexedField[];
  private readonly always: Places;

  /** @param all in the order of their positions */
  constructor(readonly all: readonly CompiledRoute<Route>[]) {
    const shares = countShares(all);
    const fields = new Map<string, IndexedField>();
    const always: number[] = [];
    for (const [place, route] of all.entries()) {
      const key = rarestKey(route, shares);
      if (!key) always.push(place);
      else addTo(fields, key, place);
    }
    this.fields = [...fields.values()];
    this.always = always;
  }

  /** @returns all that match, in the order of their positions, up to and with the first that says `stop` */
  match(document: TicketEventDocument): CompiledRoute<Route>[] {
    const matching: CompiledRoute<Route>[] = [];
    for (const place of this.candidates(document)) {
      const route = this.all[place];
      if (!route || !routeMatches(route, document)) continue;
      matching.push(route);
      if (route.stop) break;
    }
    return matching;
  }

  private candidates(document: TicketEventDocument): Places {
    const found: number[] = [];
    for (const { path, places } of this.fields) {
      someAt(document, path, (value) => {
        const text = asText(value);
        const here = text === undefined ? undefined : places.get(text);
        if (here) found.push(...here);
        return false;
      });
    }
    if (found.length === 0) return this.always;
    // A list may hold several texts that one route asks for.
    return [...new Set([...this.always, ...found])].sort((one, other) => one - other);
  }
}

/** @returns by field and text, in how many matchers each is asked for */
function countShares(routes: readonly CompiledRoute[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { matchers } of routes) {
    for (const matcher of matchers) {
      for (const name of namesOf(matcher)) shares.set(name, (shares.get(name) ?? 0) + 1);
    }
  }
  return shares;
}

/** @returns the matcher whose texts the fewest other routes ask for; undefined where each may hold for any text */
function rarestKey({ matchers }: CompiledRoute, shares: ReadonlyMap<string, number>): CompiledMatcher | undefined {
  const shareOf = (matcher: CompiledMatcher): number =>
    namesOf(matcher).reduce((sum, name) => sum + (shares.get(name) ?? 0), 0);
  return matchers
    .filter(({ texts }) => texts !== undefined)
    .map((matcher) => ({ matcher, share: shareOf(matcher) }))
    .sort((one, other) => one.share - other.share)[0]?.matcher;
}

function addTo(fields: Map<string, IndexedField>, { path, texts = [] }: CompiledMatcher, place: number): void {
  const name = JSON.stringify(path);
  const field = fields.get(name) ?? { path, places: new Map<string, number[]>() };
  fields.set(name, field);
  for (const text of texts) {
    const places = field.places.get(text) ?? [];
    field.places.set(text, places);
    places.push(place);
  }
}

/** @returns what a matcher asks for, each with its field */
function namesOf({ path, texts = [] }: CompiledMatcher): string[] {
  return texts.map((text) => JSON.stringify([path, text]));
}
