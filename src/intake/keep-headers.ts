import { cleanText } from '../ticket-event/clean-draft.js';

const MASK = '***';
const LONGEST_VALUE = 2_000;
/** Names that carry credentials, whoever invented them. */
const SECRET_NAME = /auth|cookie|token|secret|pass(w|$)|[-_]?key$|signature|credential|session|jwt/;
/** `https://user:password@…`, as a referrer may have it. */
const USER_INFO = /(\/\/)[^/@\s]+@/g;

/**
 * The headers of a webhook as the log keeps them: credentials masked by name, and the hook token wherever it stands
 * (proxies put the original address into headers of their own).
 *
 * @param headers lower-case names
 * @param hookToken undefined where the address has none
 * @param signatureHeader one that carries a secret, whatever it is called
 */
export function keepHeaders(
  headers: Readonly<Record<string, string>>,
  hookToken: string | undefined,
  signatureHeader?: string,
): Record<string, string> {
  const secretName = signatureHeader?.toLowerCase();
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_NAME.test(name) || name === secretName
        ? MASK
        : cleanText(maskToken(value, hookToken).replaceAll(USER_INFO, `$1${MASK}@`), LONGEST_VALUE),
    ]),
  );
}

function maskToken(value: string, token: string | undefined): string {
  return token === undefined ? value : value.replaceAll(token, MASK);
}
