import type { ZulipAnswer } from './judge-exchange.js';
import { isRecord } from './shown-value.js';

/** What we ask of a message: https://zulip.com/api/get-messages#response */
export interface ListedMessage {
  id: number;
  senderEmail: string;
  topic: string;
  content: string;
  /** Milliseconds by the server's clock, cut to seconds. */
  sentAtMs: number;
}

export interface MessageList {
  messages: ListedMessage[];
  foundOldest: boolean;
  foundNewest: boolean;
}

/** @returns undefined where one of the messages cannot be read: then nothing is known of what is missing */
export function readMessageList(answer: ZulipAnswer): MessageList | undefined {
  const list = answer['messages'];
  if (!Array.isArray(list)) return undefined;
  const messages = list.map(readMessage);
  if (!messages.every((message) => message !== undefined)) return undefined;
  return {
    messages,
    foundOldest: answer['found_oldest'] === true,
    foundNewest: answer['found_newest'] === true,
  };
}

export function isMessageId(id: unknown): id is number {
  return Number.isSafeInteger(id) && Number(id) > 0;
}

function readMessage(value: unknown): ListedMessage | undefined {
  if (!isRecord(value)) return undefined;
  // A topic is still called by its oldest name.
  const { id, sender_email: senderEmail, subject: topic, content, timestamp } = value;
  if (!isMessageId(id) || typeof timestamp !== 'number') return undefined;
  if (typeof senderEmail !== 'string' || typeof topic !== 'string' || typeof content !== 'string') return undefined;
  return { id, senderEmail, topic, content, sentAtMs: timestamp * 1_000 };
}
