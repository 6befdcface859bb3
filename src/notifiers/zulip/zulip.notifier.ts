import { Injectable } from '@nestjs/common';
import type {
  ComposedMessage,
  ComposeInput,
  Composition,
  ConnectionCheck,
  Doubt,
  LookUpOutcome,
  Notifier,
  NotifierDestination,
  RouteAppearance,
  SendOutcome,
  TemplatePart,
  TopicKeeper,
} from '../notifier.js';
import { checkConnection } from './check-connection.js';
import { composeMessage } from './compose-message.js';
import { joinMessages } from './join-messages.js';
import { type FetchMessages, lookUpMessage } from './look-up-message.js';
import { accountShower } from './shown-answer.js';
import { TimeLimit } from './time-limit.js';
import { readAccount, siteAddress, UNUSABLE_DESTINATION } from './zulip-account.js';
import { ZulipClient } from './zulip-client.js';
import { sendOutcome } from './zulip-outcome.js';
import { tryMessage, tryTopic } from './zulip-templates.js';
import { ZulipTopics } from './zulip-topics.js';

/**
 * Posts to a channel of a Zulip organisation, as a bot of it.
 * Settings: `site`, `email`, `channel` (a name, or an id in digits), `topic?`. Secrets: `api_key`.
 */
@Injectable()
export class ZulipNotifier implements Notifier {
  readonly kind = 'zulip';
  readonly lanesAtOnce = 32;
  readonly topics: TopicKeeper;

  constructor(private readonly client: ZulipClient) {
    this.topics = new ZulipTopics(client);
  }

  receiverOf({ settings }: NotifierDestination): string {
    return siteAddress(settings['site']);
  }

  /** Zulip limits the rate of each user by itself: https://zulip.com/api/rest-error-handling#rate-limit-exceeded */
  accountOf(destination: NotifierDestination): string {
    const email = destination.settings['email'];
    return `${this.receiverOf(destination)} ${typeof email === 'string' ? email.toLowerCase() : ''}`;
  }

  channelFor(route: RouteAppearance, destination: NotifierDestination): string {
    const channel = route.channel ?? destination.settings['channel'];
    return typeof channel === 'string' || typeof channel === 'number' ? String(channel).trim() : '';
  }

  tryTemplate(part: TemplatePart, template: string): void {
    if (part === 'topic') tryTopic(template);
    else tryMessage(template);
  }

  compose(input: ComposeInput): Composition {
    return composeMessage(input, this.channelFor(input.route, input.destination));
  }

  join(messages: readonly ComposedMessage[]): ComposedMessage | undefined {
    return joinMessages(messages);
  }

  async send(message: ComposedMessage, destination: NotifierDestination, timeLimitMs: number): Promise<SendOutcome> {
    const account = readAccount(destination);
    if (!account) return { outcome: 'rejected', reason: 'invalid', response: UNUSABLE_DESTINATION };
    const exchange = await this.client.postMessage(account, message, new TimeLimit(timeLimitMs));
    return sendOutcome(exchange, accountShower(account));
  }

  async lookUp(doubt: Doubt, destination: NotifierDestination, timeLimitMs: number): Promise<LookUpOutcome> {
    const account = readAccount(destination);
    if (!account) return { outcome: 'not_allowed', response: UNUSABLE_DESTINATION };
    const limit = new TimeLimit(timeLimitMs);
    const fetchMessages: FetchMessages = (query) => this.client.getMessages(account, query, limit);
    return lookUpMessage(doubt, account.email, fetchMessages, accountShower(account));
  }

  check(destination: NotifierDestination, timeLimitMs: number): Promise<ConnectionCheck[]> {
    const channel = this.channelFor({}, destination);
    return checkConnection(destination, channel, this.client, new TimeLimit(timeLimitMs));
  }
}
