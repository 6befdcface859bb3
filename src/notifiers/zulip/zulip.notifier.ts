import { parseUrl } from '../../ticket-event/parse-url.js';
import { Injectable } from '@nestjs/common';
import type {
  ComposedMessage,
  ComposeInput,
  Composition,
  Notifier,
  NotifierDestination,
  RouteAppearance,
  SendOutcome,
} from '../notifier.js';
import { composeMessage } from './compose-message.js';
import { answerShower, secretForms } from './shown-answer.js';
import { type ZulipAccount, ZulipClient } from './zulip-client.js';
import { zulipOutcome } from './zulip-outcome.js';

/**
 * Posts to a channel of a Zulip organisation, as a bot of it.
 * Settings: `site`, `email`, `channel` (a name, or an id in digits), `topic?`. Secrets: `api_key`.
 */
@Injectable()
export class ZulipNotifier implements Notifier {
  readonly kind = 'zulip';

  constructor(private readonly client: ZulipClient) {}

  channelFor(route: RouteAppearance, destination: NotifierDestination): string {
    const channel = route.channel ?? destination.settings['channel'];
    return typeof channel === 'string' || typeof channel === 'number' ? String(channel).trim() : '';
  }

  compose(input: ComposeInput): Composition {
    return composeMessage(input, this.channelFor(input.route, input.destination));
  }

  async send(message: ComposedMessage, destination: NotifierDestination): Promise<SendOutcome> {
    const account = readAccount(destination);
    if (!account) {
      const response = 'The destination needs an http(s) address as site, an email and an API key.';
      return { outcome: 'rejected', reason: 'invalid', response };
    }
    const exchange = await this.client.postMessage(account, message);
    return zulipOutcome(exchange, answerShower(secretForms(account.email, account.apiKey)));
  }
}

function readAccount({ settings, secrets }: NotifierDestination): ZulipAccount | undefined {
  const { site, email } = settings;
  const apiKey = secrets['api_key'];
  if (typeof site !== 'string' || typeof email !== 'string' || apiKey === undefined || apiKey === '') return undefined;
  const url = parseUrl(site);
  return url && ['http:', 'https:'].includes(url.protocol) ? { site: url, email, apiKey } : undefined;
}
