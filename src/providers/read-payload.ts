/** A JSON object from outside. Only its own properties are ever read: `constructor` is a key like any other. */
export type Payload = Readonly<Record<string, unknown>>;

const NO_PAYLOAD: Payload = Object.freeze({});
const TRUE_WORDS: ReadonlySet<unknown> = new Set([true, 1, 'true', '1', 'yes', 'on']);
const FALSE_WORDS: ReadonlySet<unknown> = new Set([false, 0, 'false', '0', 'no', 'off']);

/** @returns the value if it is an object and no list, else undefined */
export function asPayload(value: unknown): Payload | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : undefined;
}

/** @returns the payload's own value of that name, undefined where it has none */
export function readValue(payload: Payload, name: string): unknown {
  return Object.hasOwn(payload, name) ? payload[name] : undefined;
}

/** @returns the object of that name; an empty one where there is none, so that readers can be chained */
export function readPayload(payload: Payload, name: string): Payload {
  return asPayload(readValue(payload, name)) ?? NO_PAYLOAD;
}

/** @returns a name, a title, a term: trimmed, undefined where blank; numbers count, as senders write them for text */
export function readLine(payload: Payload, name: string): string | undefined {
  return asLine(readValue(payload, name));
}

/** @see readLine */
export function asLine(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const line = withoutNul(value).trim();
  return line === '' ? undefined : line;
}

/** @returns what somebody wrote, with its own spaces and line breaks; undefined where blank */
export function readText(payload: Payload, name: string): string | undefined {
  const value = readValue(payload, name);
  return typeof value === 'string' && withoutNul(value).trim() !== '' ? value : asLine(value);
}

/** @returns true and false in any of their spellings (`"0"`, `"true"`, `1`), else undefined */
export function readFlag(payload: Payload, name: string): boolean | undefined {
  const value = readValue(payload, name);
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : undefined;
}

/** @returns the list of that name; an empty one where there is none */
export function readList(payload: Payload, name: string): readonly unknown[] {
  const value = readValue(payload, name);
  return Array.isArray(value) ? value : [];
}

/** It shows nothing and is never stored, so what holds nothing else is blank. */
function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}
