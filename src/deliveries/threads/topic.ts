import type { TopicKey, TopicRow } from './sql/find-topics.js';

/** A topic of threads, as the owner of its destination knows it: under the name that it has now. */
export interface Topic {
  readonly key: TopicKey;
  name: string;
  /** A message of it, by which it is found and renamed; null before there is one. */
  messageId: number | null;
  /** When the receiver was last asked for its name. */
  checkedAt: Date;
  /** When the database was last told its message: not each time. */
  savedAt: Date | null;
  /** Until when resolving or reopening it is not tried again: the bot was refused. */
  refusedUntil: Date | null;
  /** Whether the database knows it at all. */
  isKept: boolean;
}

/** @returns a topic that nothing was written to yet */
export function newTopic(key: TopicKey, name: string, now: Date): Topic {
  return { key, name, messageId: null, checkedAt: now, savedAt: null, refusedUntil: null, isKept: false };
}

export function topicOf(row: TopicRow): Topic {
  const { receiver, channel, topic, name, checked_at } = row;
  const messageId = row.message_id === null ? null : Number(row.message_id);
  return {
    key: { receiver, channel, topic },
    name,
    messageId,
    checkedAt: checked_at,
    savedAt: null,
    refusedUntil: null,
    isKept: true,
  };
}
