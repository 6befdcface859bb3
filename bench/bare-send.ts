import type { HttpService } from '@nestjs/axios';
import type { ComposedMessage, NotifierDestination, SendOutcome } from '../src/notifiers/notifier.js';

export type Send = (message: ComposedMessage) => Promise<SendOutcome>;

/** @returns what posts a message as plainly as axios can, over the connections that notifiers use */
export function bareSend(http: HttpService, { settings, secrets }: NotifierDestination): Send {
  const url = `${String(settings['site'])}/api/v1/messages`;
  const token = Buffer.from(`${String(settings['email'])}:${secrets['api_key'] ?? ''}`).toString('base64');
  const headers = { Authorization: `Basic ${token}`, 'Content-Type': 'application/x-www-form-urlencoded' };
  return async ({ channel, topic, content }) => {
    const body = new URLSearchParams({ type: 'stream', to: channel, topic, content }).toString();
    const { status, data } = await http.axiosRef.post<{ id: number }>(url, body, { headers });
    if (status !== 200) throw new Error(`The sink answered ${status}.`);
    return { outcome: 'sent', messageId: data.id, httpStatus: status };
  };
}
