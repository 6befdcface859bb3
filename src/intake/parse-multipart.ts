import { decodeText } from './decode-text.js';
import type { ParseAttempt } from './parse-attempt.js';
import { MOST_FORM_FIELDS, parseForm } from './parse-form.js';
import { type MediaType, readMediaType } from './read-media-type.js';

/** RFC 2046, section 5.1.1: a boundary has at most 70 characters. */
const FIRST_LINE = /^--([^\r\n]{1,70}?)[ \t]{0,70}\r?\n/;
const DISPOSITION = /^content-disposition:[ \t]*form-data[ \t]*(;[^\r\n]*)/im;
const CONTENT_TYPE = /^content-type:[ \t]*([^\r\n]*)/im;
const NAME = /;[ \t]*name=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i;
const FILE_NAME = /;[ \t]*filename\*?=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/i;
/** Real parts have two or three short lines. */
const LONGEST_PART_HEADER = 4_096;

/**
 * Parses `multipart/form-data` (RFC 7578), labelled or recognised by its first line. Names may nest with brackets as in
 * forms. Of a file only the name is kept.
 */
export function parseMultipart(bytes: Buffer, mediaType: MediaType): ParseAttempt {
  // Latin-1 maps bytes to characters one to one: positions stay, and each field is decoded by its own charset.
  const text = bytes.toString('latin1');
  const boundary = (isMultipart(mediaType) ? mediaType.boundary : undefined) ?? FIRST_LINE.exec(text)?.[1];
  if (!boundary) return { failure: 'multipart/form-data (neither labelled so nor begun like it)' };
  const [, ...parts] = `\n${text}`.split(`\n--${boundary}`, MOST_FORM_FIELDS + 2);
  if (parts.length > MOST_FORM_FIELDS)
    return { failure: `multipart/form-data (it has more than ${MOST_FORM_FIELDS} parts)` };
  if (!parts.pop()?.startsWith('--')) return { failure: 'multipart/form-data (its closing boundary is missing)' };
  const pairs = parts.map(readPart).filter((pair) => pair !== undefined);
  if (pairs.length === 0) return { failure: 'multipart/form-data (it has no fields)' };
  return parseForm(pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&'), undefined);
}

function isMultipart({ type }: MediaType): boolean {
  return type === 'multipart/form-data';
}

/** @returns the field's name and value, undefined where the part is no field */
function readPart(part: string): [string, string] | undefined {
  const [head, content] = splitPart(part);
  const disposition = DISPOSITION.exec(head)?.[1];
  const name = disposition === undefined ? undefined : readParameter(disposition, NAME);
  if (disposition === undefined || name === undefined) return undefined;
  const fileName = readParameter(disposition, FILE_NAME);
  if (fileName !== undefined) return [name, fileName];
  const charset = readMediaType(CONTENT_TYPE.exec(head)?.[1]).charset;
  return [name, decodeText(Buffer.from(content, 'latin1'), charset).toWellFormed()];
}

function splitPart(part: string): [string, string] {
  const blank = /\r?\n\r?\n/.exec(part.slice(0, LONGEST_PART_HEADER));
  if (!blank) return ['', ''];
  const content = part.slice(blank.index + blank[0].length);
  // The line break before a boundary belongs to the boundary; the split took its line feed.
  return [part.slice(0, blank.index), content.endsWith('\r') ? content.slice(0, -1) : content];
}

function readParameter(disposition: string, pattern: RegExp): string | undefined {
  const found = pattern.exec(disposition);
  if (!found) return undefined;
  const value = found[1]?.replace(/\\(.)/g, '$1') ?? found[2] ?? '';
  return Buffer.from(value, 'latin1').toString('utf8');
}
