/**
 * Whether anything that stands at a path passes a test. Lists on the way, and at its end, are gone through element by
 * element (lists in lists are not: the contract has none). Absent and null count as nothing. Only own properties are
 * followed, so that `constructor` is a name like any other. Never throws for JSON, whatever its shape.
 *
 * @param start how many names of the path are behind us already
 */
export function someAt(node: unknown, path: readonly string[], test: (found: unknown) => boolean, start = 0): boolean {
  let found = node;
  for (let index = start; index < path.length; index += 1) {
    if (typeof found !== 'object' || found === null) return false;
    if (Array.isArray(found)) return someElement(found, path, test, index);
    const name = path[index] as string;
    if (!Object.hasOwn(found, name)) return false;
    found = (found as Record<string, unknown>)[name];
  }
  if (Array.isArray(found)) return someElement(found, path, test, path.length);
  return found !== undefined && found !== null && test(found);
}

function someElement(
  list: readonly unknown[],
  path: readonly string[],
  test: (found: unknown) => boolean,
  start: number,
): boolean {
  return list.some((element) => !Array.isArray(element) && someAt(element, path, test, start));
}

/** @returns a value in the form in which matchers compare it; undefined for what is no string, number or boolean */
export function asText(found: unknown): string | undefined {
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined;
}

/** Longer texts are cut where a verdict shows them; UTF-16 units. */
const LONGEST_SEEN = 1_000;
/** Longer lists are cut where a verdict shows them. */
const MOST_SEEN = 100;

/** What a matcher found, to be shown: a value, the elements of a list, the names of a group's parts, or null for nothing. */
export type Seen = string | number | boolean | null | Seen[];

/** @returns what stands at a path, long texts and lists cut */
export function seenAt(document: unknown, path: readonly string[]): Seen {
  const found: Seen[] = [];
  someAt(document, path, (value) => {
    found.push(show(value));
    return found.length === MOST_SEEN;
  });
  const [only] = found;
  if (only === undefined) return null;
  return found.length === 1 && !crossesList(document, path) ? only : found;
}

function show(value: unknown): Seen {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    // A cut through a surrogate pair would leave half a character, which is not well-formed JSON text.
    return value.length > LONGEST_SEEN ? `${value.slice(0, LONGEST_SEEN).toWellFormed()}…` : value;
  }
  return Object.keys(value as object).slice(0, MOST_SEEN);
}

function crossesList(document: unknown, path: readonly string[]): boolean {
  let node = document;
  for (const name of path) {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) break;
    node = Object.hasOwn(node, name) ? (node as Record<string, unknown>)[name] : undefined;
  }
  return Array.isArray(node);
}
