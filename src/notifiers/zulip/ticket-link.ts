import { encodeInline } from './encode-inline.js';
import { inlineValue } from './inline-value.js';
import { linkAddress } from './link-address.js';
import { isRecord, shownValue } from './shown-value.js';

/** @returns `Ticket #9 Test Subject` as plain text, or as much of it as is known; nothing where neither is. */
export function ticketName(ticket: unknown): string {
  return joinName(ticket, (text) => text);
}

/**
 * @param ticket a TicketEventDocument's ticket
 * @param label instead of `Ticket #9 Test Subject`
 * @returns Markdown: a link where the ticket has an address that can be linked to, else the label alone
 */
export function ticketLink(ticket: unknown, label?: unknown): string {
  const text = encodeInline(inlineValue(label)) || joinName(ticket, encodeInline);
  const address = isRecord(ticket) ? linkAddress(shownValue(ticket['url'])) : undefined;
  return address === undefined ? text : `[${text || 'Ticket'}](${address})`;
}

/** The `#` is ours and stays as it is. */
function joinName(ticket: unknown, encode: (text: string) => string): string {
  if (!isRecord(ticket)) return '';
  const number = inlineValue(ticket['number']);
  const title = inlineValue(ticket['title']);
  const parts = [number && `#${encode(number)}`, encode(title)].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Ticket ${parts.join(' ')}`;
}
