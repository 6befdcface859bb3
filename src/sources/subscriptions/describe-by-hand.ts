import type { SourceSubscription } from './subscription.entity.js';

/**
 * @param areForgotten whether they are listed no longer
 * @returns what the admin has to remove in the helpdesk, with words for each hook URL; null where there is nothing
 */
export function describeByHand(
  subscriptions: readonly Pick<SourceSubscription, 'event' | 'hookUrl'>[],
  areForgotten: boolean,
): string | null {
  const eventsOf = new Map<string, string[]>();
  for (const { event, hookUrl } of subscriptions) eventsOf.set(hookUrl, [...(eventsOf.get(hookUrl) ?? []), event]);
  const sentences = [...eventsOf].map(
    ([hookUrl, events]) => `remove the webhooks to ${hookUrl} there by hand, those for ${events.join(', ')}`,
  );
  if (sentences.length === 0) return null;
  const next = areForgotten
    ? 'Deskwire has forgotten them.'
    : 'When that is done, let Deskwire forget them: the same request with ?forget_by_hand=true.';
  return `The helpdesk gave no ids to remove them by: ${sentences.join('; ')}. ${next}`;
}
