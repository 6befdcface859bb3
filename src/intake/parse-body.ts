import { decodeText } from './decode-text.js';
import type { ParseAttempt } from './parse-attempt.js';
import { parseForm } from './parse-form.js';
import { parseJsonText } from './parse-json-text.js';
import { parseMultipart } from './parse-multipart.js';
import { type MediaType, readMediaType } from './read-media-type.js';

/** A hook body in no notation that we read. The message says what was tried; it is shown to the sender. */
export class UnreadableBodyError extends Error {
  readonly code = 'unreadable_body';

  constructor(message: string) {
    super(message);
    this.name = 'UnreadableBodyError';
  }
}

interface Body {
  bytes: Buffer;
  /** Decoded, without white space around it. */
  text: string;
  mediaType: MediaType;
}

/** In this order. A notation is recognised by the body; its label only decides where the body could be more than one. */
const NOTATIONS: readonly ((body: Body) => ParseAttempt)[] = [
  ({ text }) => parseJsonText(text),
  ({ bytes, mediaType }) => parseMultipart(bytes, mediaType),
  (body) =>
    looksLikeForm(body)
      ? parseForm(body.text, body.mediaType.charset)
      : { failure: 'a form (it does not look like one)' },
];

const FORM = 'application/x-www-form-urlencoded';
/** Broken JSON and XML are not forms, whatever they are labelled. */
const BEGINS_LIKE_SOMETHING_ELSE = /^[{["<]/;
/** Prose with an equals sign in it has a space before it. */
const BEGINS_LIKE_A_FORM = /^[^\s=&]{1,500}=/;

/**
 * Parses a hook body by what it is, not by what its Content-Type says: JSON, a form with bracket nesting, or multipart
 * fields. Helpdesks send JSON labelled as a form, forms without a label, and JSON documents inside form fields.
 *
 * @throws UnreadableBodyError
 */
export function parseBody(rawBody: Buffer, contentType: string | undefined): unknown {
  const mediaType = readMediaType(contentType);
  const text = decodeText(rawBody, mediaType.charset).trim();
  if (rawBody.length === 0 || text === '') throw new UnreadableBodyError('The body is empty.');
  const attempt = tryNotations({ bytes: rawBody, text, mediaType });
  if ('value' in attempt) return attempt.value;
  // A charset is trusted as little as the rest of the label.
  const asUtf8 = rawBody.toString('utf8').trim();
  const second = asUtf8 === text ? attempt : tryNotations({ bytes: rawBody, text: asUtf8, mediaType });
  if ('value' in second) return second.value;
  throw new UnreadableBodyError(`The body cannot be read. It was tried as ${attempt.failure}.`);
}

function tryNotations(body: Body): ParseAttempt {
  const failures: string[] = [];
  for (const parse of NOTATIONS) {
    const attempt = parse(body);
    if ('value' in attempt) return attempt;
    failures.push(attempt.failure);
  }
  return { failure: failures.join(', ') };
}

function looksLikeForm({ text, mediaType }: Body): boolean {
  if (BEGINS_LIKE_SOMETHING_ELSE.test(text)) return false;
  return mediaType.type === FORM ? text.includes('=') : BEGINS_LIKE_A_FORM.test(text);
}
