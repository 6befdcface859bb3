import { TextDecoder } from 'node:util';

const UTF8_LABELS: ReadonlySet<string | undefined> = new Set([undefined, '', 'utf-8', 'utf8']);
/** A byte order mark says more surely than a header what follows: https://encoding.spec.whatwg.org/#decode */
const BYTE_ORDER_MARKS: readonly (readonly [number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/**
 * Decodes a body: by its byte order mark, else by the charset it is labelled with, else as UTF-8. Bytes that are
 * impossible in the charset become U+FFFD; an unknown charset is read as UTF-8. The mark itself is dropped.
 */
export function decodeText(bytes: Buffer, charset: string | undefined): string {
  const marked = BYTE_ORDER_MARKS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (!marked && UTF8_LABELS.has(charset)) return bytes.toString('utf8');
  return makeDecoder(marked?.[1] ?? charset).decode(bytes);
}

function makeDecoder(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
