import type { Doubt, LookUpOutcome } from '../notifier.js';
import { type AnswerFacts, type ExchangeFailure, judgeExchange, type Show } from './judge-exchange.js';
import { type ListedMessage, type MessageList, readMessageList } from './message-list.js';
import { isSameTopic } from './resolved-topic.js';
import { storedContent } from './stored-content.js';
import { channelId, type MessageQuery } from './zulip-client.js';
import type { ZulipExchange } from './zulip-exchange.js';
import { readFailureOutcome } from './zulip-outcome.js';

/** So many of the longest messages (10,000 characters of four bytes, and a kilobyte about them) fit into an answer of 8 MiB. */
export const MESSAGES_A_PAGE = 200;
/** 5,000 messages: at Zulip's default rate, 25 minutes of one bot in one channel. */
export const MOST_PAGES = 25;
/** Timestamps are cut to seconds, and a server's machines may differ a little. */
const TIME_MARGIN_MS = 2_000;
/** Where the answer does not tell the server's time. */
const UNKNOWN_CLOCK_MARGIN_MS = 60_000;

type Anchor = MessageQuery['anchor'];

interface Page extends MessageList {
  facts: AnswerFacts;
  clockAheadMs: number | undefined;
}

/** Asks the server for messages, within the time that is left. */
export type FetchMessages = (query: MessageQuery) => Promise<ZulipExchange>;

/**
 * Looks for the messages that an attempt in doubt may have become: the bot's own in the channel, newer than the attempt,
 * with the same content. In whatever topic: people rename them.
 *
 * Known gap: Zulip lets a bot post to a private channel that its owner, but not it, is subscribed to, and answers its
 * question for the messages there with an empty list, as if nothing had arrived
 * (https://github.com/zulip/zulip/blob/main/zerver/lib/narrow.py, ok_to_include_history).
 */
export async function lookUpMessage(
  doubt: Doubt,
  email: string,
  fetchMessages: FetchMessages,
  show: Show,
): Promise<LookUpOutcome> {
  const found: ListedMessage[] = [];
  const forwards = doubt.newerThan !== null;
  let anchor: Anchor = doubt.newerThan ?? 'newest';
  for (let count = 0; count < MOST_PAGES; count++) {
    const page = await fetchPage(fetchMessages, queryFor(doubt, email, anchor), show);
    if ('kind' in page) return readFailureOutcome(page);
    const newer = page.messages.filter(({ id }) => isBeyond(id, anchor, forwards)).filter(isNewerThan(doubt, page));
    found.push(...newer.filter((message) => isFrom(message, email) && hasContentOf(message, doubt)));
    const ended = forwards ? page.foundNewest : page.foundOldest;
    if (ended || newer.length === 0) return { outcome: 'looked', ...inOrder(found, doubt), ...page.facts };
    const ids = newer.map(({ id }) => id);
    anchor = forwards ? Math.max(...ids) : Math.min(...ids);
  }
  const response = `More than ${MESSAGES_A_PAGE * MOST_PAGES} messages are newer than the attempt.`;
  return { outcome: 'retry', reason: 'too_large', inDoubt: false, response };
}

/** From the newest message that was known onwards; where none was, from the newest there is backwards. */
function queryFor({ message, newerThan }: Doubt, email: string, anchor: Anchor): MessageQuery {
  return {
    anchor,
    includeAnchor: false,
    numBefore: newerThan === null ? MESSAGES_A_PAGE : 0,
    numAfter: newerThan === null ? 0 : MESSAGES_A_PAGE,
    narrow: [
      // Called `channel` since Zulip 9, which still knows the older name.
      { operator: 'stream', operand: channelId(message.channel) ?? message.channel },
      { operator: 'sender', operand: email },
    ],
  };
}

async function fetchPage(
  fetchMessages: FetchMessages,
  query: MessageQuery,
  show: Show,
): Promise<Page | ExchangeFailure> {
  const exchange = await fetchMessages(query);
  const judged = judgeExchange(exchange, show, readMessageList);
  if (judged.kind === 'failure') return judged;
  const clockAheadMs = exchange.kind === 'answer' ? exchange.clockAheadMs : undefined;
  return { ...judged.value, facts: judged.facts, clockAheadMs };
}

/** Servers before Zulip 6 repeat the anchor, and would for ever. */
function isBeyond(id: number, anchor: Anchor, forwards: boolean): boolean {
  return anchor === 'newest' || (forwards ? id > anchor : id < anchor);
}

function isNewerThan({ newerThan, startedAt }: Doubt, { clockAheadMs }: Page): (message: ListedMessage) => boolean {
  if (newerThan !== null) return ({ id }) => id > newerThan;
  const ahead = clockAheadMs === undefined ? -UNKNOWN_CLOCK_MARGIN_MS : clockAheadMs - TIME_MARGIN_MS;
  return ({ sentAtMs }) => sentAtMs >= startedAt.getTime() + ahead;
}

function isFrom({ senderEmail }: ListedMessage, email: string): boolean {
  return senderEmail.toLowerCase() === email.toLowerCase();
}

function hasContentOf({ content }: ListedMessage, { message }: Doubt): boolean {
  return storedContent(content) === storedContent(message.content);
}

/** Those of the message's own topic first, each group from the oldest. */
function inOrder(
  found: readonly ListedMessage[],
  { message }: Doubt,
): { messageIds: number[]; elsewhere: Map<number, string> } {
  const sorted = [...found].sort((a, b) => a.id - b.id);
  const here = sorted.filter(({ topic }) => isSameTopic(topic, message.topic));
  const elsewhere = sorted.filter(({ topic }) => !isSameTopic(topic, message.topic));
  return {
    messageIds: [...here, ...elsewhere].map(({ id }) => id),
    elsewhere: new Map(elsewhere.map(({ id, topic }) => [id, topic])),
  };
}
