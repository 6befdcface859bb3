import { cleanLines, isVisible } from './clean-text.js';

const BLANK_LINES_BEFORE = /^(?:[^\S\n]*\n)+/;

/** @returns a text as it will be quoted: clean lines, without blank ones at either end; nothing where nothing shows. */
export function cleanQuotation(text: string): string {
  const lines = cleanLines(text);
  return isVisible(lines) ? lines.replace(BLANK_LINES_BEFORE, '').trimEnd() : '';
}

/**
 * @param text as `cleanQuotation` leaves it
 * @returns every line of it, blank ones too, behind `> `: the one form of quotation that a customer's fences and
 *   mentions do not get out of. The caller owes an empty line before other text follows.
 */
export function quoteText(text: string): string {
  return text === '' ? '' : `> ${text.replaceAll('\n', '\n> ')}`;
}
