import { cleanText } from '../ticket-event/clean-draft.js';

const MASK = '***';
const LONGEST_VALUE = 2_000;
/** Names that carry credentials, whoever invented them. */
const SECRET_NAME = /auth|cookie|token|secret|pass(w|$)|[-_]?key$|signature|credential|session|jwt/;
/** `https://user:password@…`, as a referrer may have it. */
const USER_INFO = /(\/\/)[^/@\s]+@/g;

/** What must not be kept, beside what headers' names say. */
export interface HeaderSecrets {
  /** The token in the address; absent where it has none. */
  token?: string | undefined;
  /** The header that carries a secret, whatever it is called. */
  header?: string | undefined;
  /** What the source is entrusted with: wherever else a sender puts it. */
  values: readonly string[];
}

/**
 * The headers of a webhook as the log keeps them: credentials masked by name, and secrets wherever they stand (proxies
 * put the original address into headers of their own).
 *
 * @param headers lower-case names
 */
export function keepHeaders(
  headers: Readonly<Record<string, string>>,
  { token, header, values }: HeaderSecrets,
): Record<string, string> {
  const secretName = header?.toLowerCase();
  const secrets = [...(token === undefined ? [] : [token]), ...values].filter((secret) => secret !== '');
  const mask = (value: string): string => secrets.reduce((text, secret) => text.replaceAll(secret, MASK), value);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_NAME.test(name) || name === secretName ? MASK : cleanText(withoutUserInfo(mask(value)), LONGEST_VALUE),
    ]),
  );
}

function withoutUserInfo(value: string): string {
  return value.includes('@') ? value.replaceAll(USER_INFO, `$1${MASK}@`) : value;
}
