import * as fc from 'fast-check';

/** One thing done to a payload: the place is chosen among the places it has. */
type Mutation = { place: number } & (
  { kind: 'drop' } | { kind: 'replace'; value: unknown } | { kind: 'add'; name: string; value: unknown }
);

type Place = { parent: Record<string, unknown>; name: string };

const MOST_MUTATIONS = 4;
const HUGE = 50_000;
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

/** What no adapter expects, and what a hostile or careless sender sends. */
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  '',
  ' ',
  '\0',
  '\ud800',
  'a\udc00b',
  'a'.repeat(HUGE),
  '<div>'.repeat(HUGE / 5),
  '[email protected]',
  'javascript:alert(1)',
  'http://',
  '0000-00-00 00:00:00',
  '2017-13-45T99:99:99Z',
  'true',
  '1',
  0,
  -1,
  1e308,
  true,
  [],
  [[[[[]]]]],
  {},
  JSON.parse('{"__proto__": {"href": "/v1/tickets/1"}, "constructor": {"name": "x"}}'),
  ...PROTOTYPE_KEYS,
];

/** Arbitrary ways in which a payload can be spoiled: keys dropped, added, or given values of any kind. */
export function payloadMutations(): fc.Arbitrary<readonly Mutation[]> {
  const place = fc.nat();
  const value = fc.oneof(
    fc.constantFrom(...HOSTILE_VALUES),
    fc.jsonValue({ maxDepth: 4 }),
    fc.string({ unit: 'binary' }),
  );
  const name = fc.oneof(fc.constantFrom(...PROTOTYPE_KEYS), fc.string());
  const mutation = fc.oneof<fc.Arbitrary<Mutation>[]>(
    fc.record({ kind: fc.constant('drop' as const), place }),
    fc.record({ kind: fc.constant('replace' as const), place, value }),
    fc.record({ kind: fc.constant('add' as const), place, name, value }),
  );
  return fc.array(mutation, { minLength: 1, maxLength: MOST_MUTATIONS });
}

/** @returns a spoiled copy; the payload itself stays as it is */
export function mutatePayload(payload: unknown, mutations: readonly Mutation[]): unknown {
  const root: Record<string, unknown> = { payload: structuredClone(payload) };
  for (const mutation of mutations) {
    const places = placesIn(root);
    const place = places[mutation.place % places.length];
    if (place) mutate(place, mutation);
  }
  return root['payload'];
}

/** @returns for every text in a payload a copy in which it is another */
export function* replaceEachText(payload: unknown, text: string): Generator {
  const count = textPlaces({ payload }).length;
  for (let index = 0; index < count; index += 1) {
    const root: Record<string, unknown> = { payload: structuredClone(payload) };
    const place = textPlaces(root)[index];
    if (place) define(place.parent, place.name, text);
    yield root['payload'];
  }
}

/** @returns a copy with the keys of every object in the opposite order */
export function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, reverseKeys(item)]),
  );
}

function mutate({ parent, name }: Place, mutation: Mutation): void {
  if (mutation.kind === 'drop') {
    Reflect.deleteProperty(parent, name);
  } else if (mutation.kind === 'replace') {
    define(parent, name, mutation.value);
  } else {
    const target = parent[name];
    // A list from JSON has no other keys than its indexes.
    if (Array.isArray(target)) target.push(structuredClone(mutation.value));
    else if (typeof target === 'object' && target !== null) define(target, mutation.name, mutation.value);
  }
}

/** Assigning to `__proto__` would set the prototype; JSON makes it a property. */
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value: structuredClone(value),
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

function placesIn(parent: Record<string, unknown>): Place[] {
  return Object.entries(parent).flatMap(([name, value]) => {
    const inner = typeof value === 'object' && value !== null ? placesIn(value as Record<string, unknown>) : [];
    return [{ parent, name }, ...inner];
  });
}

function textPlaces(root: Record<string, unknown>): Place[] {
  return placesIn(root).filter(({ parent, name }) => typeof parent[name] === 'string');
}
