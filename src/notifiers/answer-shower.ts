/** Bytes of an answer that an attempt records. */
export const LARGEST_RECORDED_ANSWER = 16 * 1024;
const MASK = '*';

/**
 * @param secrets what must not be recorded, in every form in which a server could repeat it
 * @returns what makes of an answer, or of a fault in words, what may be recorded: masked, well-formed, without NUL, at
 *   most 16 KiB of UTF-8
 */
export function answerShower(secrets: readonly string[]): (text: string) => string {
  // The longest first: a shorter one may be part of it.
  const known = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  return (text) => {
    // A mask is as long as what it hides: else the end of an answer that was not read whole, half a secret, could move
    // up into what is recorded.
    const masked = known.reduce((shown, secret) => shown.replaceAll(secret, MASK.repeat(secret.length)), text);
    return cutBytes(masked.replaceAll('\0', '').toWellFormed(), LARGEST_RECORDED_ANSWER);
  };
}

function cutBytes(text: string, most: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= most) return text;
  let end = most;
  // A byte 10xxxxxx continues a character: the cut goes before its first byte.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
