import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { type MessageWindow, cutWindow, type WindowRequest } from './message-window.js';
import { readNarrow } from './narrow.js';
import { readRecipient, type SandboxChannel, SandboxChannels } from './sandbox-channels.js';
import { badRequest, missingArgument, unauthorized } from './sandbox-error.js';
import type { SandboxBot, SandboxMessage } from './sandbox-message.js';
import { type RateVerdict, SandboxRateLimit } from './sandbox-rate-limit.js';
import { storedContent, storedTopic } from './stored-text.js';
import { liveWildcardMention } from './wildcard-mention.js';

/** Enough for trying out; older messages are forgotten. */
const MOST_MESSAGES = 1_000;
/** Zulip's own default for one user (https://zulip.com/api/rest-error-handling#rate-limit-exceeded). */
const REQUESTS_A_MINUTE = 200;
const PROPAGATE_MODES = ['change_one', 'change_later', 'change_all'];

/** Who may speak to the sandbox, and how fast. */
export interface SandboxOptions {
  email: string;
  apiKey: string;
  /** Requests a minute; 200 by default. */
  rateLimit?: number;
  /** The only channels there are; by default unknown ones are created on first use, unless their name begins with `missing-`. */
  channels?: readonly string[];
  /** Older messages are forgotten; 1,000 by default. */
  mostMessages?: number;
}

/** What a message is made of, in the words of https://zulip.com/api/send-message. */
export interface SendRequest {
  type: string | undefined;
  to: string | undefined;
  topic: string | undefined;
  content: string | undefined;
}

/** What is to be changed, in the words of https://zulip.com/api/update-message. */
export interface EditRequest {
  topic: string | undefined;
  propagateMode: string | undefined;
  content: string | undefined;
}

interface Access {
  bot: SandboxBot;
  keyHash: Buffer;
  rate: SandboxRateLimit;
}

/**
 * A Zulip server in memory, without its HTTP: channels, the last messages, and one bot that may read and write them.
 * Closed until `configure` says who the bot is.
 */
@Injectable()
export class SandboxZulip {
  private access: Access | undefined;
  private readonly bots: SandboxBot[] = [];
  private channels = new SandboxChannels();
  private messages: SandboxMessage[] = [];
  private mostMessages = MOST_MESSAGES;
  private lastId: number;

  constructor(private readonly clock: Clock) {
    // Ids go on growing over restarts, though the messages are gone: a client may remember ids of the last run.
    this.lastId = clock.now().getTime();
  }

  /** Opens the sandbox to a bot. Messages stay; the rate limit starts afresh. */
  configure(options: SandboxOptions): void {
    const { email, apiKey, rateLimit = REQUESTS_A_MINUTE, channels, mostMessages = MOST_MESSAGES } = options;
    const known = this.bots.find((bot) => bot.email === email);
    const bot = known ?? { id: this.bots.length + 1, email };
    if (!known) this.bots.push(bot);
    if (channels) this.channels = new SandboxChannels(channels);
    this.mostMessages = mostMessages;
    this.access = { bot, keyHash: hash(apiKey), rate: new SandboxRateLimit(rateLimit) };
  }

  get isOpen(): boolean {
    return this.access !== undefined;
  }

  /**
   * Lets a request in, and counts it against the bot's limit.
   *
   * @throws SandboxError 401 for whoever is not the bot, in the same time whatever is wrong
   */
  admit(email: string, apiKey: string): { bot: SandboxBot; rate: RateVerdict } {
    if (!this.access) throw unauthorized('Invalid API key');
    const { bot, keyHash, rate } = this.access;
    const keyFits = timingSafeEqual(hash(apiKey), keyHash);
    const emailFits = timingSafeEqual(hash(email.toLowerCase()), hash(bot.email.toLowerCase()));
    if (!keyFits || !emailFits) throw unauthorized('Invalid API key');
    return { bot, rate: rate.take(this.clock.now().getTime()) };
  }

  /**
   * @returns the id of the new message
   * @throws SandboxError 400 for what Zulip refuses
   */
  send(sender: SandboxBot, request: SendRequest): number {
    if (request.type === undefined) throw missingArgument('type');
    if (request.content === undefined) throw missingArgument('content');
    if (request.type === 'private' || request.type === 'direct') {
      throw badRequest('The sandbox takes messages to channels only.');
    }
    if (request.type !== 'stream' && request.type !== 'channel') throw badRequest('Invalid type');
    if (request.to === undefined || request.to === '') throw badRequest('Missing channel');
    if (request.topic === undefined) throw badRequest('Missing topic');
    const topic = storedTopic(request.topic);
    const content = storedContent(request.content);
    const channel = this.channels.find(readRecipient(request.to));
    return this.keep({ sender, channel, topic, content });
  }

  /** @throws SandboxError 400 for a narrow or an anchor that cannot be used */
  fetch(narrow: string | undefined, window: WindowRequest): MessageWindow {
    return cutWindow(this.messages.filter(readNarrow(narrow, this.channels)), window);
  }

  /**
   * Changes a message, and with its topic those that `propagateMode` names.
   *
   * @throws SandboxError 400 for an unknown message, another's content, and what Zulip refuses
   */
  edit(editor: SandboxBot, id: number, { topic, propagateMode = 'change_one', content }: EditRequest): void {
    if (!PROPAGATE_MODES.includes(propagateMode)) throw badRequest('Invalid propagate_mode');
    const message = this.messages.find((candidate) => candidate.id === id);
    if (!message) throw badRequest('Invalid message(s)');
    if (topic === undefined && content === undefined) throw badRequest('Nothing to change');
    if (topic === undefined && propagateMode !== 'change_one') {
      throw badRequest('Invalid propagate_mode without topic edit');
    }
    if (content !== undefined && message.sender.id !== editor.id) {
      throw badRequest("You don't have permission to edit this message");
    }
    // Both are checked before either is changed.
    const newTopic = topic === undefined ? undefined : storedTopic(topic);
    // Zulip takes an emptied message for a deleted one.
    const newContent = content === undefined ? undefined : storedContent(content.trim() === '' ? '(deleted)' : content);
    if (newTopic !== undefined) for (const moved of this.sameTopic(message, propagateMode)) moved.topic = newTopic;
    if (newContent !== undefined) this.rewrite(message, newContent);
  }

  /** @throws SandboxError 400 */
  findChannel(name: string): SandboxChannel {
    return this.channels.find(name);
  }

  /** The id of the newest message ever sent. */
  get newestId(): number {
    return this.lastId;
  }

  private keep(parts: Pick<SandboxMessage, 'sender' | 'channel' | 'topic' | 'content'>): number {
    this.lastId += 1;
    const wildcardMention = liveWildcardMention(parts.content);
    this.messages.push({ ...parts, id: this.lastId, wildcardMention, sentAt: this.clock.now(), editedAt: undefined });
    if (this.messages.length > this.mostMessages) this.messages.shift();
    return this.lastId;
  }

  private sameTopic(message: SandboxMessage, propagateMode: string): SandboxMessage[] {
    if (propagateMode === 'change_one') return [message];
    const topic = message.topic.toLowerCase();
    return this.messages.filter(
      (other) =>
        other.channel.id === message.channel.id &&
        other.topic.toLowerCase() === topic &&
        (propagateMode === 'change_all' || other.id >= message.id),
    );
  }

  private rewrite(message: SandboxMessage, content: string): void {
    message.content = content;
    message.wildcardMention = liveWildcardMention(content);
    message.editedAt = this.clock.now();
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
