import type { ComposeInput, Composition } from '../notifier.js';
import { assembleContent } from './assemble-content.js';
import { isVisible } from './clean-text.js';
import { chooseTopic } from './choose-topic.js';
import { DEFAULT_MESSAGES } from './default-messages.js';
import { renderMessage } from './zulip-templates.js';
import { LONGEST_CONTENT } from './zulip-limits.js';

/**
 * Renders what a destination's bot will say of an event. Pure.
 *
 * @param channel where it will say it
 * @throws TemplateError when a template of the route cannot be rendered within its limits
 */
export function composeMessage({ event, route, destination, threadTopic }: ComposeInput, channel: string): Composition {
  const pieces = renderMessage(route.message ?? DEFAULT_MESSAGES[event.type], event);
  const content = assembleContent(pieces, LONGEST_CONTENT);
  if (!isVisible(content)) return { kind: 'nothing', reason: 'nothing_to_say' };
  const fallback = destination.settings['topic'];
  const topic = chooseTopic({
    event,
    threadTopic,
    template: route.topic,
    fallback: typeof fallback === 'string' ? fallback : undefined,
  });
  return { kind: 'message', message: { channel, topic, content } };
}
