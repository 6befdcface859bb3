import type { LiquidFilter } from './liquid-filter.js';

/**
 * The filters of our own that templates of messages and topics may use, whichever notifier renders them.
 * `quote`: a text as a quotation, line by line. `person`: a person's name, else their address, else their id.
 * `ticket_link`: a ticket as a link to it.
 */
export const MESSAGE_FILTER_NAMES = ['quote', 'person', 'ticket_link'] as const;

/** What a notifier brings for them. */
export type MessageFilters = Record<(typeof MESSAGE_FILTER_NAMES)[number], LiquidFilter>;
