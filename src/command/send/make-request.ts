import { basename } from 'node:path';
import { readStoredWebhook } from '../../demo/stored-webhook.js';
import { UsageError } from '../usage-error.js';

/** What is to be posted. */
export interface WebhookRequest {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

interface Wanted {
  /** The file's name, of which an event's may be the beginning. */
  file: string;
  content: Buffer;
  to: string;
  event?: string;
  /** As `Name: value`. */
  headers: readonly string[];
}

/** Helpdesks that do not name the event in the body. */
const EVENT_HEADERS: Readonly<Record<string, string>> = { groove: 'x-groove-event' };
const HOOK_PATH = /^\/hooks\/([a-z0-9-]+)\//;
/** As files of fixtures are called: `ticket_started__plain.json`; also `ticket_started.json`. */
const EVENT_IN_NAME = /^([a-z][a-z0-9_]*?)(?:__.*)?\.[a-z]+$/i;
/** `a=b&c=d`: what HTML forms and PHP send. */
const FORM = /^[^\s=&{[<]+=[^\s]*$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9a-z-]+):\s*(.*)$/i;

/**
 * Makes the request that a helpdesk would have made: of a fixture with its own headers, else with those that the body and
 * the provider in the hook URL call for.
 *
 * @throws UsageError when there is no address, no event's name where the helpdesk gives one, or no header in `headers`
 */
export function makeRequest({ file, content, to, event, headers }: Wanted): WebhookRequest {
  const url = readUrl(to);
  const given = Object.fromEntries(headers.map(readHeader));
  const stored = readStoredWebhook(content.toString('utf8'));
  if (stored === undefined) {
    const named = eventHeader(url, given, event ?? EVENT_IN_NAME.exec(basename(file))?.[1]);
    return { url: url.href, headers: { 'content-type': mediaType(content), ...named, ...given }, body: content };
  }
  for (const [name, value] of Object.entries(stored.query)) url.searchParams.set(name, value);
  const named = event === undefined ? {} : eventHeader(url, given, event);
  return {
    url: url.href,
    headers: { ...lowerCased(stored.headers), ...named, ...given },
    body: Buffer.from(stored.body),
  };
}

function readUrl(to: string): URL {
  if (!/^https?:\/\//i.test(to) || !URL.canParse(to)) throw new UsageError('--to must begin with http:// or https://.');
  return new URL(to);
}

function readHeader(text: string): [name: string, value: string] {
  const [, name, value] = HEADER.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError('--header is written as "Name: value".');
  return [name.toLowerCase(), value];
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function eventHeader(url: URL, given: Record<string, string>, event: string | undefined): Record<string, string> {
  const header = EVENT_HEADERS[HOOK_PATH.exec(url.pathname)?.[1] ?? ''];
  if (header === undefined || header in given) return {};
  if (event === undefined) throw new UsageError(`Say which event it is, by --event: it stands in ${header}.`);
  return { [header]: event };
}

function mediaType(content: Buffer): string {
  const text = content.toString('utf8').trim();
  try {
    JSON.parse(text);
    return 'application/json';
  } catch {
    return FORM.test(text) ? 'application/x-www-form-urlencoded' : 'text/plain';
  }
}
