import { parseUrl } from '../../ticket-event/parse-url.js';
import type { NotifierDestination } from '../notifier.js';
import type { WebhookFormat } from './compose-webhook.js';
import { formerSecrets } from './signing-secrets.js';

/** Where webhooks go, and what they are signed with. */
export interface WebhookEndpoint {
  url: string;
  format: WebhookFormat;
  /** All that sign now; the newest first. */
  secrets: [string, ...string[]];
}

/** What is answered for a destination that `readEndpoint` cannot use. */
export const UNUSABLE_ENDPOINT = 'The destination needs an http(s) address as url and a signing secret.';

/** @returns undefined where something is missing, or the address is not of http(s) */
export function readEndpoint({ settings, secrets }: NotifierDestination, now: Date): WebhookEndpoint | undefined {
  const url = webAddress(settings['url']);
  const secret = secrets['signing_secret'];
  if (!url || secret === undefined || secret === '') return undefined;
  // Receivers change theirs within the time of the former ones.
  const former = formerSecrets(secrets, now).map((one) => one.secret);
  return { url: url.href, format: formatOf(settings), secrets: [secret, ...former] };
}

/** @returns `scheme://host:port`; '' where there is no http(s) address */
export function originOf(url: unknown): string {
  return webAddress(url)?.origin ?? '';
}

export function formatOf(settings: NotifierDestination['settings']): WebhookFormat {
  return settings['format'] === 'cloudevents' ? 'cloudevents' : 'envelope';
}

function webAddress(text: unknown): URL | undefined {
  const url = typeof text === 'string' ? parseUrl(text) : undefined;
  return url && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}
