/**
 * Changes every string of a JSON value, names of fields too.
 *
 * @param change may be called for the same text again
 * @returns a copy; what is no string stays
 */
export function eraseStrings<Value>(value: Value, change: (text: string) => string): Value {
  return walk(value, change) as Value;
}

/** @returns whether any string of a JSON value, names of fields too, is what is looked for */
export function someString(value: unknown, isIt: (text: string) => boolean): boolean {
  if (typeof value === 'string') return isIt(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((element) => someString(element, isIt));
  return Object.entries(value).some(([name, field]) => isIt(name) || someString(field, isIt));
}

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => walk(element, change));
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [change(name), walk(field, change)]));
}
