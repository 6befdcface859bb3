import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { OutgoingHttp } from '../../outgoing/outgoing-http.js';
import { answerShower, LARGEST_RECORDED_ANSWER } from '../answer-shower.js';
import type {
  ComposedMessage,
  ComposeInput,
  Composition,
  ConnectionCheck,
  Notifier,
  NotifierDestination,
  SendOutcome,
} from '../notifier.js';
import { checkAddress } from './check-address.js';
import { composeWebhook, type WebhookFormat } from './compose-webhook.js';
import { signWebhook } from './sign-webhook.js';
import { formatOf, originOf, readEndpoint, UNUSABLE_ENDPOINT, type WebhookEndpoint } from './webhook-endpoint.js';
import { faultOutcome, webhookOutcome } from './webhook-outcome.js';

/** Longer than a secret, so that no half of one stands at the end of what is recorded. */
const READ_BEYOND = 256;

const CONTENT_TYPES: Record<WebhookFormat, string> = {
  envelope: 'application/json',
  cloudevents: 'application/cloudevents+json',
};

/**
 * Posts to an address of somebody's own, signed as Standard Webhooks says.
 * Settings: `url`, `format?`. Secrets: `signing_secret`, and for a day each those before it (`SigningSecrets`). Nobody can
 * be asked what arrived: it arrives at least once, each time under the same `webhook-id`.
 */
@Injectable()
export class WebhookNotifier implements Notifier {
  readonly kind = 'webhook';
  readonly lanesAtOnce = 32;
  readonly disablesFailing = true;

  constructor(
    private readonly http: OutgoingHttp,
    private readonly clock: Clock,
  ) {}

  receiverOf({ settings }: NotifierDestination): string {
    return originOf(settings['url']);
  }

  /** Each endpoint has its own. */
  accountOf({ id }: NotifierDestination): string {
    return `webhook ${id}`;
  }

  channelFor(): string {
    return '';
  }

  /** A route's templates are for people: what programs read has a fixed form. */
  compose({ event, destination }: ComposeInput): Composition {
    const content = composeWebhook(event, formatOf(destination.settings));
    return { kind: 'message', message: { channel: '', topic: '', content } };
  }

  async send(
    { content }: ComposedMessage,
    destination: NotifierDestination,
    timeLimitMs: number,
    deliveryId: string,
    traceparent?: string,
  ): Promise<SendOutcome> {
    const now = this.clock.now();
    const endpoint = readEndpoint(destination, now);
    if (!endpoint) return { outcome: 'rejected', reason: 'invalid', response: UNUSABLE_ENDPOINT };
    const show = answerShower(endpoint.secrets.flatMap(formsOf));
    try {
      const answer = await this.http.request({
        method: 'POST',
        url: endpoint.url,
        headers: {
          ...headersFor(endpoint, deliveryId, now, content),
          ...(traceparent !== undefined && { traceparent }),
        },
        body: content,
        largestAnswer: LARGEST_RECORDED_ANSWER + READ_BEYOND,
        timeLimitMs,
        // Whoever has said 200 has it, and 410 means it, however slow the rest: nothing depends on the body.
        statusIsEnough: true,
      });
      return webhookOutcome(answer, show, this.clock.now());
    } catch (error) {
      return faultOutcome(error, show);
    }
  }

  async check({ settings }: NotifierDestination, timeLimitMs: number): Promise<ConnectionCheck[]> {
    return [await checkAddress(originOf(settings['url']), this.http, timeLimitMs)];
  }
}

function headersFor(endpoint: WebhookEndpoint, id: string, at: Date, body: string): Record<string, string> {
  return { 'content-type': CONTENT_TYPES[endpoint.format], ...signWebhook({ id, at, body }, endpoint.secrets) };
}

/** Every form in which an answer could hold a secret. */
function formsOf(secret: string): string[] {
  const bare = secret.replace(/^whsec_/, '');
  return [secret, encodeURIComponent(secret), bare, encodeURIComponent(bare)];
}
