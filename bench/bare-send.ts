import { Webhook } from 'standardwebhooks';
import { Pool } from 'undici';
import type { ComposedMessage, NotifierDestination, SendOutcome } from '../src/notifiers/notifier.js';

export type Send = (message: ComposedMessage, deliveryId: string) => Promise<SendOutcome>;

const CONNECTIONS = 32;

/** @returns what posts a message to Zulip as plainly as undici can, over connections that are kept */
export function bareZulipSend({ settings, secrets }: NotifierDestination): Send {
  const pool = new Pool(String(settings['site']), { connections: CONNECTIONS });
  const token = Buffer.from(`${String(settings['email'])}:${secrets['api_key'] ?? ''}`).toString('base64');
  const headers = { authorization: `Basic ${token}`, 'content-type': 'application/x-www-form-urlencoded' };
  return async ({ channel, topic, content }) => {
    const form = new URLSearchParams({ type: 'stream', to: channel, topic, content }).toString();
    const request = { path: '/api/v1/messages', method: 'POST' as const, headers, body: form };
    const { statusCode, body } = await pool.request(request);
    const answer = (await body.json()) as { id: number };
    if (statusCode !== 200) throw new Error(`The sink answered ${statusCode}.`);
    return { outcome: 'sent', messageId: answer.id, httpStatus: statusCode };
  };
}

/** @returns the same for a webhook, signed */
export function bareWebhookSend({ settings, secrets }: NotifierDestination): Send {
  const { origin, pathname } = new URL(String(settings['url']));
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const webhook = new Webhook(secrets['signing_secret'] ?? '');
  return async ({ content }, id) => {
    const at = new Date();
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': webhook.sign(id, at, content),
    };
    const { statusCode, body } = await pool.request({ path: pathname, method: 'POST', headers, body: content });
    const response = await body.text();
    if (statusCode !== 200) throw new Error(`The sink answered ${statusCode}.`);
    return { outcome: 'sent', httpStatus: statusCode, response };
  };
}
