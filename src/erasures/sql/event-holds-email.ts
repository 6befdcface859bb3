import { type EmailParameters, holdsEmail } from './holds-email.js';

/** Bytes as text, those of other alphabets as octal numbers: a body need not be UTF-8, nor text. */
const TEXT = `concat_ws(' ', e.event::text, e.detail, e.native_type, e.raw_headers::text, encode(e.raw_body, 'escape'))`;
/** What begins with such a mark, or says so, has a zero between any two letters. */
const IS_UTF_16 = String.raw`(substring(e.raw_body from 1 for 2) in ('\xfffe', '\xfeff')
        or e.raw_headers ->> 'content-type' ilike '%utf-16%' or e.raw_headers ->> 'content-type' ilike '%utf16%')`;

/** @returns a first look at a row of `events e`, its raw request included */
export function eventHoldsEmail(parameters: EmailParameters): string {
  return `(${holdsEmail(TEXT, parameters)} or coalesce(${IS_UTF_16}, false))`;
}
