import { parse } from 'qs';
import type { ParseAttempt } from './parse-attempt.js';
import { parseJsonText } from './parse-json-text.js';

/** Faveo, the busiest sender of forms, sends 29 to 102. */
export const MOST_FORM_FIELDS = 2_000;
/** `thread[requester][custom][0][value]` is five. */
const DEEPEST_FORM = 10;
/** Lists with higher indexes come from qs as objects and are made lists again below, so this costs memory only. */
const LONGEST_SPARSE_LIST = 100;

const ENCODED = /[%+]/;

/** `{"…` and `[{…`, `["…`: what a program writes. `[2]` and `{}` are as likely what a person wrote in a title. */
const SECOND_IN_DOCUMENT: ReadonlyMap<string, string> = new Map([
  ['{', '"'],
  ['[', '{"'],
]);

/**
 * Parses `application/x-www-form-urlencoded` with PHP's bracket nesting. A top-level field whose value is a JSON
 * document is parsed in its place; nested values are left as text, since they are what people wrote.
 *
 * @param charset the one that percent-encoded bytes are in, UTF-8 unless it is iso-8859-1
 */
export function parseForm(text: string, charset: string | undefined): ParseAttempt {
  if (hasMoreFieldsThan(text, MOST_FORM_FIELDS))
    return { failure: `a form (it has more than ${MOST_FORM_FIELDS} fields)` };
  const form = parse(text, {
    depth: DEEPEST_FORM,
    parameterLimit: MOST_FORM_FIELDS,
    arrayLimit: LONGEST_SPARSE_LIST,
    // Without these, `fields[5]=x` would lose its 5, and keys such as `constructor` would be dropped.
    allowSparse: true,
    plainObjects: true,
    charset: charset === 'iso-8859-1' ? 'iso-8859-1' : 'utf-8',
    decoder: decodeWhereEncoded,
  });
  const entries = Object.entries(form).map(([name, value]): [string, unknown] => [name, settleField(value)]);
  return { value: Object.fromEntries(entries) };
}

/** Most names and values are plain: not to decode them saves a fifth of the parsing (measured). */
function decodeWhereEncoded(
  text: string,
  decode: (text: string, decode: undefined, charset: string) => string,
  charset: string,
): string {
  return ENCODED.test(text) ? decode(text, undefined, charset) : text;
}

function hasMoreFieldsThan(text: string, limit: number): boolean {
  let fields = 1;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    fields += 1;
    if (fields > limit) return true;
  }
  return false;
}

function settleField(value: unknown): unknown {
  if (typeof value !== 'string') return settle(value);
  const text = value.trim();
  if (!beginsLikeDocument(text)) return value;
  const attempt = parseJsonText(text);
  return 'value' in attempt ? attempt.value : value;
}

/** Character by character: see `NO_DIGIT` in parse-json-text. */
function beginsLikeDocument(text: string): boolean {
  const seconds = SECOND_IN_DOCUMENT.get(text.charAt(0));
  if (seconds === undefined) return false;
  const second = text.slice(1).trimStart().charAt(0);
  return second !== '' && seconds.includes(second);
}

/** Makes ordinary objects and lists of what qs returns: a list with holes was a map by numbers, and the other way round. */
function settle(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [name, settle(item)]);
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index));
  return isList ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}
