import { parseUrl } from '../../ticket-event/parse-url.js';
import { LONGEST_LINK } from './zulip-limits.js';

/** What could end or reopen a Markdown link, or be taken for a mention, although an address may hold it. */
const LIVE_IN_ADDRESS = /[()[\]<>"'`{}|\\^*$\s]/g;

/** The brackets of an IPv6 address are left out: a link in Markdown holds them in pairs. */
const LIVE_IN_HOST = /[^\w.:[\]-]/;

/**
 * @param url an absolute http(s) address from outside
 * @returns it as a Markdown link can hold it, or undefined where it is none, carries credentials or is too long
 */
export function linkAddress(url: string): string | undefined {
  const parsed = parseUrl(url);
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) return undefined;
  // `https://helpdesk.example@evil.example` leads elsewhere than it reads.
  if (parsed.username !== '' || parsed.password !== '') return undefined;
  // A host name may hold them, too: no helpdesk's does.
  if (parsed.host.search(LIVE_IN_HOST) !== -1) return undefined;
  const path = parsed.href.slice(parsed.origin.length).replace(LIVE_IN_ADDRESS, percentEncode);
  const address = `${parsed.origin}${path}`;
  return address.length <= LONGEST_LINK ? address : undefined;
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
