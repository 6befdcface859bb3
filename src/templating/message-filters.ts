import type { LiquidFilter } from './liquid-filter.js';

/**
 * The filters of our own that templates of messages and topics may use, whichever notifier renders them.
 * `quote`: a text as a quotation, line by line. `person`: a person's name, else their address, else their id.
 * `ticket_link`: a ticket as a link to it.
 */
export type MessageFilters = Record<'quote' | 'person' | 'ticket_link', LiquidFilter>;
