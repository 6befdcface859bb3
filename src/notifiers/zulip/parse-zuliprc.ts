import { parseUrl } from '../../ticket-event/parse-url.js';
/** What a zuliprc says of a bot. */
export interface Zuliprc {
  /** With a scheme, without a slash at its end. */
  site: string;
  email: string;
  key: string;
}

/** A zuliprc that cannot be read. The message names what is wrong, never a value. */
export class ZuliprcError extends Error {
  override readonly name = 'ZuliprcError';
}

const NAMES = ['site', 'email', 'key'] as const;
const SECTION = /^\[(.*)\]$/;
const ENTRY = /^([^=:]+?)\s*[=:]\s*(.*)$/;
const COMMENT = /^[#;]/;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Reads the file that Zulip offers for a bot: https://zulip.com/api/configuring-python-bindings#configuration-file-format
 *
 * @param text INI, with `site`, `email` and `key` under `[api]`; other sections and entries are of no interest
 * @throws ZuliprcError
 */
export function parseZuliprc(text: string): Zuliprc {
  const entries = readApiSection(text);
  const [site, email, key] = NAMES.map((name) => {
    const value = entries.get(name);
    if (value === undefined || value === '') throw new ZuliprcError(`The section [api] has no "${name}".`);
    return value;
  }) as [string, string, string];
  return { site: readSite(site), email, key };
}

function readApiSection(text: string): Map<string, string> {
  let section = '';
  let found = false;
  const entries = new Map<string, string>();
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  for (const [index, line] of lines.map((written) => written.trim()).entries()) {
    if (line === '' || COMMENT.test(line)) continue;
    const header = SECTION.exec(line);
    if (header) {
      section = (header[1] ?? '').trim();
      found ||= section === 'api';
    } else if (section === 'api') {
      addEntry(entries, line, index + 1);
    }
  }
  if (!found) throw new ZuliprcError('There is no section [api].');
  return entries;
}

function addEntry(entries: Map<string, string>, line: string, lineNumber: number): void {
  const [, name, value] = ENTRY.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new ZuliprcError(`Line ${lineNumber} is not "name=value".`);
  const known = name.toLowerCase();
  if (entries.has(known)) throw new ZuliprcError(`Line ${lineNumber} repeats an entry.`);
  entries.set(known, value);
}

/** As Zulip's own client, a site without a scheme is taken for https. */
function readSite(site: string): string {
  const address = SCHEME.test(site) ? site : `https://${site}`;
  if (!/^https?:/i.test(address) || !parseUrl(address)) throw new ZuliprcError('"site" is not an address.');
  return address.replace(/\/+$/, '');
}
