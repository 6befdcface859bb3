import type { TicketEventDocument } from '../../ticket-event/ticket-event-document.js';
import { cleanLine, isVisible } from './clean-text.js';
import { cutText } from './cut-text.js';
import { renderTopic } from './zulip-templates.js';
import { LONGEST_STORED_TOPIC, LONGEST_TOPIC, RESOLVED_TOPIC_PREFIX } from './zulip-limits.js';

/** `#9 Test Subject`, `#9` where no title is known, the title where no number is. */
const TICKET_TOPIC = '{% if ticket.number != blank %}#{{ ticket.number }} {% endif %}{{ ticket.title }}';
/** A source's name of which nothing would show: Zulip refuses an empty topic where channels require one. */
const LAST_RESORT = 'Tickets';
const LEADING_CHECK_MARKS = new RegExp(`^(?:${RESOLVED_TOPIC_PREFIX.trim()}\\s*)+`, 'u');

interface TopicChoices {
  event: TicketEventDocument;
  threadTopic?: string | undefined;
  /** The route's template. */
  template?: string | undefined;
  /** The destination's topic: plain text. */
  fallback?: string | undefined;
}

/**
 * Chooses a message's topic: the ticket's thread, the route's template, the ticket, the destination's topic, the
 * source's name; what would show nothing gives way to the next.
 *
 * @returns plain text, at most 60 code points for a thread that is there already, else 58
 * @throws TemplateError when the template cannot be rendered within its limits
 */
export function chooseTopic({ event, threadTopic = '', template = '', fallback = '' }: TopicChoices): string {
  // As it is, `✔ ` included: another name would begin another topic.
  const thread = cutText(cleanLine(threadTopic), LONGEST_STORED_TOPIC);
  if (isVisible(thread)) return thread;
  return (
    firstVisible([
      () => renderTopic(template, event),
      () => renderTopic(TICKET_TOPIC, event),
      () => fallback,
      () => event.source.name,
    ]) ?? LAST_RESORT
  );
}

function firstVisible(choices: readonly (() => string)[]): string | undefined {
  for (const choice of choices) {
    const topic = cleanTopic(choice());
    if (isVisible(topic)) return topic;
  }
  return undefined;
}

/** A topic that begins with Zulip's mark of resolved topics would read as resolved: https://zulip.com/help/resolve-a-topic */
function cleanTopic(text: string): string {
  return cutText(cleanLine(text).replace(LEADING_CHECK_MARKS, ''), LONGEST_TOPIC);
}
