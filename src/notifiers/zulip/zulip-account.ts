import { parseUrl } from '../../ticket-event/parse-url.js';
import type { NotifierDestination } from '../notifier.js';

/** A bot as its zuliprc names it. */
export interface ZulipAccount {
  /** The organisation's address, as `siteAddress` writes it. */
  site: string;
  email: string;
  apiKey: string;
}

/** What is answered for a destination that `readAccount` cannot use. */
export const UNUSABLE_DESTINATION = 'The destination needs an http(s) address as site, an email and an API key.';

/** @returns undefined where something is missing, or the site is no http(s) address */
export function readAccount({ settings, secrets }: NotifierDestination): ZulipAccount | undefined {
  const site = siteAddress(settings['site']);
  const email = settings['email'];
  const apiKey = secrets['api_key'];
  if (site === '' || typeof email !== 'string' || apiKey === undefined || apiKey === '') return undefined;
  return { site, email, apiKey };
}

/**
 * @returns an organisation's address in one form: the origin in lower case and the path, which may be there for a server
 *   behind a prefix, without slashes at its end; '' for what is no http(s) address
 */
export function siteAddress(site: unknown): string {
  const url = typeof site === 'string' ? parseUrl(site) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return '';
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
