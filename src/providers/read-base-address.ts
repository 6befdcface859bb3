import { parseUrl } from '../ticket-event/parse-url.js';
import { readWebAddress } from './read-web-address.js';

/** @returns an address from the settings, to which paths can be added; undefined where it is no http(s) address */
export function readBaseAddress(value: unknown): string | undefined {
  const address = readWebAddress(value);
  // Most sources have none; to parse nothing takes as long as to read a whole ticket.
  const url = address === undefined ? undefined : parseUrl(address);
  return url && url.origin + url.pathname.replace(/\/+$/, '');
}
