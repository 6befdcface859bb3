import { RESOLVED_TOPIC_PREFIX } from './zulip-limits.js';

const LEADING_PREFIXES = new RegExp(`^(?:${RESOLVED_TOPIC_PREFIX})+`, 'u');

/** @returns whether Zulip shows the topic as resolved: https://zulip.com/help/resolve-a-topic */
export function isResolved(topic: string): boolean {
  return topic.startsWith(RESOLVED_TOPIC_PREFIX);
}

export function resolvedName(topic: string): string {
  return isResolved(topic) ? topic : `${RESOLVED_TOPIC_PREFIX}${topic}`;
}

export function unresolvedName(topic: string): string {
  return topic.replace(LEADING_PREFIXES, '');
}

/** @returns whether both name one topic, resolved or not. Zulip compares topics without regard to case. */
export function isSameTopic(one: string, other: string): boolean {
  return unresolvedName(one).toLowerCase() === unresolvedName(other).toLowerCase();
}
