import type { SourceSettings } from '../../../ticket-event/provider-adapter.js';
import { readBaseAddress } from '../../read-base-address.js';
import { readValue } from '../../read-payload.js';

/**
 * @param path begins with a slash
 * @returns the address of a page below the source's `base_url`; undefined where it has none
 */
export function helpdeskPage(source: SourceSettings, path: string): string | undefined {
  const base = readBaseAddress(readValue(source.settings, 'base_url'));
  return base === undefined ? undefined : `${base}${path}`;
}

/** The log drops links of that length; what comes after only costs time. */
const LONGEST_PART = 4_000;

/** As `encodeURIComponent`, which throws on lone surrogates. */
export function encodePart(text: string): string {
  return encodeURIComponent(text.slice(0, LONGEST_PART).toWellFormed());
}
