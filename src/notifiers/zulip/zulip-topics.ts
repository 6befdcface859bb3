import type { NotifierDestination, TopicChange, TopicFinding, TopicKeeper } from '../notifier.js';
import { countCodePoints } from './cut-text.js';
import { type ExchangeFailure, judgeExchange, type Show, type ZulipAnswer } from './judge-exchange.js';
import { isResolved, resolvedName, unresolvedName } from './resolved-topic.js';
import { isRecord } from './shown-value.js';
import { accountShower } from './shown-answer.js';
import { TimeLimit } from './time-limit.js';
import { readAccount, UNUSABLE_DESTINATION, type ZulipAccount } from './zulip-account.js';
import type { ZulipClient } from './zulip-client.js';
import { LONGEST_STORED_TOPIC } from './zulip-limits.js';
import { changeFailureOutcome, readFailureOutcome } from './zulip-outcome.js';

interface FoundTopic {
  topic: string | undefined;
  channel?: string;
}

/** Resolves, reopens and finds topics, as their members would: https://zulip.com/help/resolve-a-topic */
export class ZulipTopics implements TopicKeeper {
  constructor(private readonly client: ZulipClient) {}

  isResolved(topic: string): boolean {
    return isResolved(topic);
  }

  async find(messageId: number, destination: NotifierDestination, timeLimitMs: number): Promise<TopicFinding> {
    const account = readAccount(destination);
    if (!account) return { outcome: 'not_allowed', response: UNUSABLE_DESTINATION };
    const show = accountShower(account);
    const limit = new TimeLimit(timeLimitMs);
    const query = { anchor: messageId, includeAnchor: true, numBefore: 0, numAfter: 0 };
    const exchange = await this.client.getMessages(account, query, limit);
    const judged = judgeExchange(exchange, show, (answer) => readListedTopic(answer, messageId));
    if (judged.kind === 'failure') return readFailureOutcome(judged);
    const { value, facts } = judged;
    return value.topic === undefined
      ? this.findUnsubscribed(messageId, account, show, limit)
      : {
          outcome: 'found',
          topic: value.topic,
          ...(value.channel !== undefined && { channel: value.channel }),
          ...facts,
        };
  }

  async setResolved(
    messageId: number,
    topic: string,
    resolved: boolean,
    destination: NotifierDestination,
    timeLimitMs: number,
  ): Promise<TopicChange> {
    const name = resolved ? resolvedName(topic) : unresolvedName(topic);
    if (name === topic) return { outcome: 'done', topic };
    const refusal = refusalOf(name);
    if (refusal !== undefined) return { outcome: 'rejected', reason: 'invalid', response: refusal };
    const account = readAccount(destination);
    if (!account) return { outcome: 'rejected', reason: 'invalid', response: UNUSABLE_DESTINATION };
    const show = accountShower(account);
    const exchange = await this.client.renameTopic(account, messageId, name, new TimeLimit(timeLimitMs));
    const judged = judgeExchange(exchange, show, () => name);
    if (judged.kind === 'failure') return changeFailureOutcome(judged);
    return { outcome: 'done', topic: name, ...judged.facts, response: show(judged.body) };
  }

  /**
   * Lists without a channel hold only what was delivered to the bot: a bot that posts to a public channel without being
   * subscribed to it does not find its own messages there, but may ask for each.
   */
  private async findUnsubscribed(
    messageId: number,
    account: ZulipAccount,
    show: Show,
    limit: TimeLimit,
  ): Promise<TopicFinding> {
    const exchange = await this.client.getMessage(account, messageId, limit);
    const judged = judgeExchange(exchange, show, readSingleTopic);
    if (judged.kind === 'failure') {
      return isGone(judged) ? { outcome: 'gone', ...judged.facts } : readFailureOutcome(judged);
    }
    const { value, facts } = judged;
    return value.topic === undefined
      ? { outcome: 'not_allowed', ...facts }
      : {
          outcome: 'found',
          topic: value.topic,
          ...(value.channel !== undefined && { channel: value.channel }),
          ...facts,
        };
  }
}

/** @returns no topic where the list does not hold the message; undefined where there is no list */
function readListedTopic(answer: ZulipAnswer, messageId: number): FoundTopic | undefined {
  const messages = answer['messages'];
  if (!Array.isArray(messages)) return undefined;
  const message: unknown = messages.find((listed) => isRecord(listed) && listed['id'] === messageId);
  return message === undefined ? { topic: undefined } : topicOf(message);
}

/** @returns no topic where the server is older than Zulip 5, which tells the content alone */
function readSingleTopic(answer: ZulipAnswer): FoundTopic | undefined {
  const message = answer['message'];
  return message === undefined ? { topic: undefined } : topicOf(message);
}

/** A topic is still called by its oldest name. */
function topicOf(message: unknown): FoundTopic | undefined {
  if (!isRecord(message) || typeof message['subject'] !== 'string') return undefined;
  const channel = message['display_recipient'];
  return { topic: message['subject'], ...(typeof channel === 'string' && { channel }) };
}

/** "Invalid message(s)", whether it was deleted or is hidden, has no code of its own: https://zulip.com/api/get-message */
function isGone({ code, facts }: ExchangeFailure): boolean {
  return code === 'BAD_REQUEST' && (facts.httpStatus === 400 || facts.httpStatus === 404);
}

/** @returns why a topic cannot be called so, in words */
function refusalOf(name: string): string | undefined {
  if (name === '') return 'Nothing would be left of the topic.';
  if (countCodePoints(name) <= LONGEST_STORED_TOPIC) return undefined;
  return `Zulip would cut the name of the topic at ${LONGEST_STORED_TOPIC} characters.`;
}
