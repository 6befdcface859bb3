const MASK = '***';

/** A hook's address carries its token. */
const HOOK_TOKEN = /(\/hooks\/[^/?"\\\s]+\/)[^/?"\\\s]+/g;
/** Keys of our API, and what webhooks are signed with. */
const OUR_SECRETS = /\b(dw|whsec)_[^\s"\\,;]{8,}/g;
/** What stands after the scheme in an `Authorization` header (RFC 9110, 11.4). */
const CREDENTIALS = /\b(basic|bearer)\s+[\w+/=.~-]{8,}/gi;
/** `https://user:password@…` */
const USER_INFO = /(:\/\/)[^/@\s"\\]+@/g;
/**
 * As long as our tokens and in their letters, wherever it stands, also percent-encoded. A name of that length, of a host
 * or a table, has no capitals.
 */
const TOKEN_LIKE = /(?<![\w%-])(?=[\w%-]{43})(?=[\w%-]*[A-Z%])[\w%-]+/g;

/** Shorter ones would be found in words that are none. */
const SHORTEST_SECRET = 8;

/**
 * @param secrets what must not be shown, whatever it looks like
 * @returns what takes all secrets out of a text, before it is written anywhere: the last line of defence, behind those
 *   who write
 */
export function secretMask(secrets: readonly string[]): (text: string) => string {
  // As they stand within JSON.
  const known = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  return (text) =>
    known
      .reduce((masked, secret) => masked.replaceAll(secret, MASK), text)
      .replace(HOOK_TOKEN, `$1${MASK}`)
      .replace(OUR_SECRETS, `$1_${MASK}`)
      .replace(CREDENTIALS, `$1 ${MASK}`)
      .replace(USER_INFO, `$1${MASK}@`)
      .replace(TOKEN_LIKE, MASK);
}
