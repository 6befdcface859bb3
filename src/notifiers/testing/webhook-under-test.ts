import { type Clock, SystemClock } from '../../clock/clock.js';
import { OutgoingHttp } from '../../outgoing/outgoing-http.js';
import { loopbackPolicy } from '../../outgoing/testing/loopback-policy.js';
import type { NotifierDestination } from '../notifier.js';
import { WebhookNotifier } from '../webhook/webhook.notifier.js';

/** Some secret, of the form that Standard Webhooks gives them. */
export const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, no').toString('base64')}`;

/** The notifier with real connections, and what closes them. */
export interface WebhookUnderTest {
  notifier: WebhookNotifier;
  close: () => Promise<void>;
}

export function makeWebhookNotifier(clock: Clock = new SystemClock()): WebhookUnderTest {
  const http = new OutgoingHttp(loopbackPolicy());
  return { notifier: new WebhookNotifier(http, clock), close: () => http.onApplicationShutdown() };
}

export function webhookDestination(
  url: string,
  secret = WEBHOOK_SECRET,
  settings: Record<string, unknown> = {},
): NotifierDestination {
  return { id: 'd', name: 'Webhook', settings: { url, ...settings }, secrets: { signing_secret: secret } };
}
