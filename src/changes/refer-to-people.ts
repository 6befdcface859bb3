/** Something that the record of changes says of a person: kept apart, so that it can be erased there. */
export interface PersonReference {
  id: string;
  value: string;
}

/** What stands in a document where a person was. */
const REFERENCE = '$person';
/** What is shown once it is erased. */
export const ERASED = '[erased]';

/** Fields that hold a person's address, or may: words that the log was searched for. */
const PERSON_FIELDS: readonly string[] = ['email', 'q'];
/** Tables whose values are people's names. */
const PERSON_TABLES: readonly string[] = ['agents'];

/**
 * @param refer makes a reference of what is said of a person
 * @returns a copy of a document that refers to people
 */
export function referToPeople(document: object, refer: (value: string) => PersonReference): object {
  return walk(document, (name, value, parent) => {
    const isPerson = PERSON_FIELDS.includes(name) || PERSON_TABLES.includes(parent);
    return isPerson && typeof value === 'string' ? { [REFERENCE]: refer(value).id } : undefined;
  }) as object;
}

/** @returns a document in which people are named again, as far as they have not been erased */
export function nameAgain(document: object, people: ReadonlyMap<string, string | null>): object {
  return walk(document, (_name, value) => {
    const id = referenceOf(value);
    return id === undefined ? undefined : (people.get(id) ?? ERASED);
  }) as object;
}

/** @returns the ids of all references in a document */
export function referencesIn(document: object | null): string[] {
  const ids: string[] = [];
  walk(document, (_name, value) => {
    const id = referenceOf(value);
    if (id !== undefined) ids.push(id);
    return undefined;
  });
  return ids;
}

function referenceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const id = (value as Record<string, unknown>)[REFERENCE];
  return typeof id === 'string' && Object.keys(value).length === 1 ? id : undefined;
}

/** Copies plain JSON; `replace` answers undefined for what stays. */
function walk(node: unknown, replace: (name: string, value: unknown, parent: string) => unknown, name = ''): unknown {
  if (Array.isArray(node)) return node.map((element: unknown) => replace('', element, name) ?? walk(element, replace));
  if (typeof node !== 'object' || node === null || node instanceof Date) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]: [string, unknown]) => [
      key,
      replace(key, value, name) ?? walk(value, replace, key),
    ]),
  );
}
