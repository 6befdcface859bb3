import { parseUrl } from '../ticket-event/parse-url.js';

/** Longer ones are not stored either, since half a link leads nowhere. */
const LONGEST_ADDRESS = 4_000;
const PLAIN_ADDRESS = /^[\x21-\x7e]+$/;

/**
 * Takes a link from outside: `http` and `https` only, without a user name in front of the host, which only serves to
 * make a link look like another.
 *
 * @returns the address as given, encoded where it holds spaces or the like; undefined where it is not such a link
 */
export function readWebAddress(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const address = value.trim();
  if (address.length > LONGEST_ADDRESS) return undefined;
  const url = parseUrl(address);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    return undefined;
  return PLAIN_ADDRESS.test(address) ? address : url.href;
}
