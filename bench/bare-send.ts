import { Pool } from 'undici';
import type { ComposedMessage, NotifierDestination, SendOutcome } from '../src/notifiers/notifier.js';

export type Send = (message: ComposedMessage) => Promise<SendOutcome>;

const CONNECTIONS = 32;

/** @returns what posts a message as plainly as undici can, over connections that are kept */
export function bareSend({ settings, secrets }: NotifierDestination): Send {
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
