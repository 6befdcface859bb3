import type { SourceSubscription } from './subscription.entity.js';

/** @returns what the admin has to remove in the helpdesk, in a sentence for each hook URL; null where there is nothing */
export function describeByHand(subscriptions: readonly Pick<SourceSubscription, 'event' | 'hookUrl'>[]): string | null {
  const eventsOf = new Map<string, string[]>();
  for (const { event, hookUrl } of subscriptions) eventsOf.set(hookUrl, [...(eventsOf.get(hookUrl) ?? []), event]);
  const sentences = [...eventsOf].map(
    ([hookUrl, events]) => `remove the webhooks to ${hookUrl} there by hand, those for ${events.join(', ')}`,
  );
  if (sentences.length === 0) return null;
  return `The helpdesk gave no ids to remove them by: ${sentences.join('; ')}.`;
}
