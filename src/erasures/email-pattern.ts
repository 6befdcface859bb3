import { ERASED } from '../changes/refer-to-people.js';
import { decodeEscapes } from './decode-escapes.js';

/** What is looked at on either side: longer than any escape, one within the other too. */
const NEIGHBOURHOOD = 64;
/** Nobody escapes these. */
const PLAIN = /^[a-z0-9]$/;
const NAMED_ENTITIES: Readonly<Record<string, string>> = { '@': 'commat', '.': 'period', '+': 'plus', _: 'lowbar' };

/** What ends in a letter or a digit, or in one of those that may follow it within the name of a mailbox. */
const GOES_ON_BEFORE = /[\p{L}\p{M}\p{N}][._+-]?$/u;
/** A longer name, or a domain below it. */
const GOES_ON_AFTER = /^[.-]?[\p{L}\p{N}]/u;
/** A form, or an address: there a plus sign is a space, and a real one is `%2B`. */
const IS_PERCENT_ENCODED = /%(?:25)*40/i;

/**
 * Finds an email address in text, without regard to case, however that text escapes what is no letter and no digit:
 * `ann%40example.com`, `ann\u0040example.com`, `ann&#64;example.com`. `ann@example.com` is neither in
 * `joann@example.com` nor in `ann@example.com.au`.
 */
export class EmailPattern {
  /** In lower case. */
  readonly email: string;
  /** What every text that holds the address holds as it is, in lower case, of either side of it: for a first, cheap look. */
  readonly words: readonly [string, string];
  /**
   * The address in all its forms, without what may stand beside it, as a regular expression for text in lower case; also
   * PostgreSQL's, and there for the `escape` format of bytes as well.
   */
  readonly source: string;
  private readonly forms: RegExp;

  constructor(email: string) {
    this.email = email.toLowerCase();
    const at = this.email.lastIndexOf('@');
    this.words = [longestRun(this.email.slice(0, at)), longestRun(this.email.slice(at))];
    this.source = [...this.email].map(formsOf).join('');
    this.forms = new RegExp(this.source, 'giu');
  }

  holds(text: string): boolean {
    return !this.places(text).next().done;
  }

  /** @returns the text with `[erased]` in place of the address */
  erase(text: string): string {
    let result = '';
    let done = 0;
    for (const { start, end } of this.places(text)) {
      result += text.slice(done, start) + ERASED;
      done = end;
    }
    return done === 0 ? text : result + text.slice(done);
  }

  private *places(text: string): Generator<{ start: number; end: number }> {
    for (const match of text.matchAll(this.forms)) {
      const [found] = match;
      const start = match.index;
      const end = start + found.length;
      if (isApart(text, start, end, IS_PERCENT_ENCODED.test(found))) yield { start, end };
    }
  }
}

/** @returns the longest of the parts that nobody escapes; an empty text where there is none */
function longestRun(text: string): string {
  return (text.match(/[a-z0-9]+/g) ?? []).reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}

function isApart(text: string, start: number, end: number, plusIsSpace: boolean): boolean {
  const near = text.slice(Math.max(0, start - NEIGHBOURHOOD), start);
  const before = decodeEscapes(plusIsSpace ? near.replace(/\+$/, ' ') : near);
  const after = decodeEscapes(text.slice(end, end + NEIGHBOURHOOD));
  return !GOES_ON_BEFORE.test(before) && !GOES_ON_AFTER.test(after);
}

/** @returns a regular expression for all that a character of an address may be written as */
function formsOf(character: string): string {
  if (PLAIN.test(character)) return character;
  const upper = character.toUpperCase();
  const spellings = upper === character || [...upper].length !== 1 ? [character] : [character, upper];
  return `(?:${spellings.flatMap(escapesOf).join('|')})`;
}

function escapesOf(character: string): string[] {
  const code = character.codePointAt(0) ?? 0;
  const units = [...character.split('')].map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  const entity = NAMED_ENTITIES[character];
  return [
    // Markdown escapes by a backslash.
    `\\\\*${character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}`,
    percents(Buffer.from(character, 'utf8')),
    units.map((unit) => `(?:\\\\|%(?:25)*5c)+u${unit}`).join(''),
    `&(?:amp;)*#0*${code};`,
    `&(?:amp;)*#x0*${code.toString(16)};`,
    ...(entity === undefined ? [] : [`&(?:amp;)*${entity};`]),
    ...(code < 0x80 ? [] : [octals(Buffer.from(character, 'utf8'))]),
    ...(code < 0x80 || code > 0xff ? [] : [percents(Buffer.of(code)), octals(Buffer.of(code))]),
  ];
}

function percents(bytes: Buffer): string {
  return [...bytes].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`).join('');
}

/** PostgreSQL's `encode(…, 'escape')`. */
function octals(bytes: Buffer): string {
  return [...bytes].map((byte) => `\\\\${byte.toString(8)}`).join('');
}
