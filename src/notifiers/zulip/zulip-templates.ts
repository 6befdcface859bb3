import { LiquidEngine } from '../../templating/liquid-engine.js';
import type { MessageFilters } from '../../templating/message-filters.js';
import { SAMPLE_EVENTS } from '../../templating/sample-events.js';
import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import { cleanLines } from './clean-text.js';
import { inlineValue } from './inline-value.js';
import { dropMarks, markText, type Piece, readPieces } from './outside-text.js';
import { cleanQuotation } from './quote-text.js';
import { shownPerson, shownValue } from './shown-value.js';
import { ticketLink, ticketName } from './ticket-link.js';

const person = { raw: false, apply: shownPerson };

/** In a message, text from outside is marked; it is encoded and quoted when the message is put together. */
const messageFilters: MessageFilters = {
  quote: { raw: true, apply: (value) => markText('quote', cleanQuotation(shownValue(value))) },
  ticket_link: { raw: true, apply: (value, label) => markText('markdown', ticketLink(value, label)) },
  person,
};

/** A topic is plain text on one line. */
const topicFilters: MessageFilters = {
  quote: { raw: false, apply: shownValue },
  ticket_link: { raw: false, apply: ticketName },
  person,
};

const messages = new LiquidEngine({
  outputEscape: (value) => markText('inline', inlineValue(value)),
  // What was captured is a value like any other: it is marked when it is written.
  captured: dropMarks,
  filters: messageFilters,
});

const topics = new LiquidEngine({ outputEscape: inlineValue, filters: topicFilters });

/**
 * @param template Liquid over the event; what it says itself is Zulip's Markdown
 * @throws TemplateError when the template cannot be rendered within its limits
 */
export function renderMessage(template: string, event: TicketEventDocument): Piece[] {
  return readPieces(messages.render(cleanLines(template), event));
}

/**
 * @returns plain text, not yet fit to be a topic
 * @throws TemplateError when the template cannot be rendered within its limits
 */
export function renderTopic(template: string, event: TicketEventDocument): string {
  return topics.render(cleanLines(template), event);
}

/** @throws TemplateError for a message's template that cannot be read, or does too much with samples of events */
export function tryMessage(template: string): void {
  messages.tryOut(cleanLines(template), SAMPLE_EVENTS);
}

/** @throws TemplateError as `tryMessage`, of a topic's template */
export function tryTopic(template: string): void {
  topics.tryOut(cleanLines(template), SAMPLE_EVENTS);
}
