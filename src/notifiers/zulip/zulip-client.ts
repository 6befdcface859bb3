import type { Clock } from '../../clock/clock.js';
import { OutgoingFault, type OutgoingHttp } from '../../outgoing/outgoing-http.js';
import type { ComposedMessage } from '../notifier.js';
import { basicToken } from './shown-answer.js';
import type { TimeLimit } from './time-limit.js';
import type { ZulipAccount } from './zulip-account.js';
import { readHeaderFacts, type ZulipExchange } from './zulip-exchange.js';

/** Which messages to fetch, in the words of https://zulip.com/api/get-messages */
export interface MessageQuery {
  anchor: number | 'newest';
  includeAnchor: boolean;
  numBefore: number;
  numAfter: number;
  narrow?: readonly { operator: string; operand: string | number }[];
}

interface ZulipRequest {
  method: 'GET' | 'POST' | 'PATCH';
  /** Below `/api/v1/`. */
  path: string;
  parameters: Record<string, string>;
  /** Bytes; what is longer is not read to its end. */
  largestAnswer: number;
}

/** Most of Zulip's answers have a few hundred bytes. */
const LARGEST_ANSWER = 64 * 1024;
/** Of what holds messages: each may have 40 KB, 10,000 characters of up to four bytes. */
const LARGEST_OF_MESSAGES = 8 * 1024 * 1024;

const WITHOUT_PARAMETERS = { parameters: {}, largestAnswer: LARGEST_ANSWER };

/** RFC 8259, sections 2 and 3. */
const BEGINS_LIKE_JSON = /^[ \t\n\r]*(?:[[{"\-\d]|true|false|null)/;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Speaks Zulip's HTTP API. Never throws; judges nothing. */
export class ZulipClient {
  constructor(
    private readonly http: OutgoingHttp,
    private readonly clock: Clock,
  ) {}

  /** https://zulip.com/api/send-message */
  postMessage(account: ZulipAccount, message: ComposedMessage, limit: TimeLimit): Promise<ZulipExchange> {
    const { channel, topic, content } = message;
    // `stream` is what servers before Zulip 9 call a channel; later ones still take it.
    const parameters = { type: 'stream', to: channelParameter(channel), topic, content };
    return this.request(
      account,
      { method: 'POST', path: 'messages', parameters, largestAnswer: LARGEST_ANSWER },
      limit,
    );
  }

  /** https://zulip.com/api/get-messages, with contents as they were sent */
  getMessages(account: ZulipAccount, query: MessageQuery, limit: TimeLimit): Promise<ZulipExchange> {
    const parameters = {
      anchor: String(query.anchor),
      include_anchor: String(query.includeAnchor),
      num_before: String(query.numBefore),
      num_after: String(query.numAfter),
      apply_markdown: 'false',
      ...(query.narrow && { narrow: JSON.stringify(query.narrow) }),
    };
    return this.request(
      account,
      { method: 'GET', path: 'messages', parameters, largestAnswer: LARGEST_OF_MESSAGES },
      limit,
    );
  }

  /** https://zulip.com/api/get-message */
  getMessage(account: ZulipAccount, id: number, limit: TimeLimit): Promise<ZulipExchange> {
    const parameters = { apply_markdown: 'false' };
    const path = `messages/${id}`;
    return this.request(account, { method: 'GET', path, parameters, largestAnswer: LARGEST_OF_MESSAGES }, limit);
  }

  /** Renames the whole topic of a message, without telling anybody: https://zulip.com/api/update-message */
  renameTopic(account: ZulipAccount, messageId: number, topic: string, limit: TimeLimit): Promise<ZulipExchange> {
    const parameters = {
      topic,
      propagate_mode: 'change_all',
      send_notification_to_old_thread: 'false',
      send_notification_to_new_thread: 'false',
    };
    const path = `messages/${messageId}`;
    return this.request(account, { method: 'PATCH', path, parameters, largestAnswer: LARGEST_ANSWER }, limit);
  }

  /** What server this is, for whoever asks: https://zulip.com/api/get-server-settings */
  getServerSettings({ site }: Pick<ZulipAccount, 'site'>, limit: TimeLimit): Promise<ZulipExchange> {
    return this.request({ site }, { method: 'GET', path: 'server_settings', ...WITHOUT_PARAMETERS }, limit);
  }

  /** https://zulip.com/api/get-own-user */
  getOwnUser(account: ZulipAccount, limit: TimeLimit): Promise<ZulipExchange> {
    return this.request(account, { method: 'GET', path: 'users/me', ...WITHOUT_PARAMETERS }, limit);
  }

  /** https://zulip.com/api/get-stream-id */
  getChannelId(account: ZulipAccount, name: string, limit: TimeLimit): Promise<ZulipExchange> {
    const parameters = { stream: name };
    return this.request(
      account,
      { method: 'GET', path: 'get_stream_id', parameters, largestAnswer: LARGEST_ANSWER },
      limit,
    );
  }

  /**
   * Asks to send a message without saying which: nothing is sent, but whoever may not send hears that first. It is all that
   * an incoming-webhook bot may be asked.
   */
  postNothing(account: ZulipAccount, limit: TimeLimit): Promise<ZulipExchange> {
    return this.request(account, { method: 'POST', path: 'messages', ...WITHOUT_PARAMETERS }, limit);
  }

  private async request(
    { site, email, apiKey }: Pick<ZulipAccount, 'site'> & Partial<ZulipAccount>,
    request: ZulipRequest,
    limit: TimeLimit,
  ): Promise<ZulipExchange> {
    const { method, path, parameters, largestAnswer } = request;
    const url = `${site}/api/v1/${path}`;
    const encoded = new URLSearchParams(parameters).toString();
    const isKnown = email !== undefined && apiKey !== undefined;
    const authorization = isKnown ? { authorization: `Basic ${basicToken(email, apiKey)}` } : {};
    try {
      const { status, headers, body } = await this.http.request({
        method,
        ...(method === 'GET' ? { url: encoded === '' ? url : `${url}?${encoded}` } : { url, body: encoded }),
        headers: { ...authorization, ...(method !== 'GET' && FORM) },
        largestAnswer,
        timeLimitMs: limit.leftMs,
      });
      return { kind: 'answer', status, ...readHeaderFacts(headers, this.clock.now()), body: body.toString('utf8') };
    } catch (error) {
      return describeFault(error);
    }
  }
}

/** @returns the channel's id, where it is named by that: a route or a destination may have digits for a channel */
export function channelId(channel: string): number | undefined {
  return /^\d+$/.test(channel) ? Number(channel) : undefined;
}

/**
 * Zulip reads `to` as JSON if it can: digits are an id. A name that looks like other JSON is sent as a JSON string.
 * https://github.com/zulip/zulip/blob/main/zerver/lib/recipient_parsing.py, extract_stream_id
 */
function channelParameter(channel: string): string {
  // What JSON.parse throws costs more than all else here, and next to no name begins like this.
  if (channelId(channel) !== undefined || !BEGINS_LIKE_JSON.test(channel)) return channel;
  try {
    JSON.parse(channel);
    return JSON.stringify(channel);
  } catch {
    return channel;
  }
}

function describeFault(error: unknown): ZulipExchange {
  if (error instanceof OutgoingFault) {
    const fault = error.isTimeout ? 'timeout' : 'network';
    return { kind: 'fault', fault, connected: error.sent, detail: error.message, error };
  }
  // Nothing was sent: the address is none, or there is a fault of ours.
  return { kind: 'fault', fault: 'network', connected: false, detail: String(error), error };
}
