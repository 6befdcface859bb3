import { ForbiddenAddressError } from '../outgoing/outbound-policy.js';
import { OutgoingFault } from '../outgoing/outgoing-http.js';

const NO_TRUST = 'its certificate is not one that is trusted here';
/** Codes of Node.js and undici: https://nodejs.org/api/errors.html, https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const BY_CODE: ReadonlyMap<unknown, string> = new Map([
  ['ENOTFOUND', 'the name cannot be found'],
  ['EAI_AGAIN', 'the name cannot be looked up at the moment'],
  ['ECONNREFUSED', 'nothing listens there'],
  ['ECONNRESET', 'the connection was broken off'],
  ['EHOSTUNREACH', 'no way leads there from here'],
  ['ENETUNREACH', 'no way leads there from here'],
  ['ETIMEDOUT', 'nobody answered in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'nobody answered in time'],
  ['UND_ERR_SOCKET', 'the connection was closed without an answer'],
  ['EPROTO', 'what listens there does not speak https'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'what listens there does not speak https'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', NO_TRUST],
  ['SELF_SIGNED_CERT_IN_CHAIN', NO_TRUST],
  ['UNABLE_TO_GET_ISSUER_CERT', NO_TRUST],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', NO_TRUST],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', NO_TRUST],
]);

/**
 * @param error what `OutgoingHttp` threw
 * @returns why a server gave no whole answer: the end of a sentence, with its full stop
 */
export function describeFault(error: unknown): string {
  const cause = error instanceof OutgoingFault ? error.cause : undefined;
  if (cause instanceof ForbiddenAddressError) return lowerFirst(cause.message);
  if (error instanceof OutgoingFault && error.isTimeout) return 'it did not answer in time.';
  // undici's, which mostly has no code.
  if (cause instanceof Error && cause.name === 'HTTPParserError') return 'what listens there does not speak HTTP.';
  const code = codeOf(cause);
  const known = BY_CODE.get(code);
  if (known !== undefined) return `${known}.`;
  return code === undefined ? 'the request failed.' : `the request failed (${code}).`;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
