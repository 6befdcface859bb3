import type { Readable } from 'node:stream';
import type { HttpService } from '@nestjs/axios';
import type { AxiosResponse } from 'axios';
import { neverConnected } from '../../http/watched-connection.js';
import { basicToken } from './shown-answer.js';
import type { ZulipExchange } from './zulip-outcome.js';

/** A bot as its zuliprc names it. */
export interface ZulipAccount {
  /** The organisation's address; it may have a path. */
  site: URL;
  email: string;
  apiKey: string;
}

export interface ZulipPost {
  /** A channel's name, or its id in digits. */
  channel: string;
  topic: string;
  content: string;
}

/** From the first byte to the last, connecting included: shorter than the 10 s for which a worker owns a destination. */
const SEND_TIME_LIMIT_MS = 8_000;
/** Zulip's answers have a few hundred bytes; what is longer is not read to its end. */
const LARGEST_ANSWER = 64 * 1024;

/** Speaks Zulip's HTTP API. Never throws; judges nothing. */
export class ZulipClient {
  constructor(
    private readonly http: HttpService,
    private readonly timeLimitMs: number = SEND_TIME_LIMIT_MS,
  ) {}

  /** https://zulip.com/api/send-message */
  async postMessage(account: ZulipAccount, { channel, topic, content }: ZulipPost): Promise<ZulipExchange> {
    // `stream` is what servers before Zulip 9 call a channel; later ones still take it.
    const form = new URLSearchParams({ type: 'stream', to: channelParameter(channel), topic, content });
    const signal = AbortSignal.timeout(this.timeLimitMs);
    try {
      const response = await this.http.axiosRef.request<Readable>({
        method: 'POST',
        url: endpoint(account.site, 'messages'),
        data: form.toString(),
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          Authorization: `Basic ${basicToken(account.email, account.apiKey)}`,
        },
        responseType: 'stream',
        signal,
      });
      return await readAnswer(response);
    } catch (error) {
      if (signal.aborted) {
        const detail = `There was no answer within ${this.timeLimitMs} ms.`;
        return { kind: 'fault', fault: 'timeout', connected: true, detail };
      }
      const detail = error instanceof Error ? error.message : String(error);
      return { kind: 'fault', fault: 'network', connected: !neverConnected(error), detail };
    }
  }
}

function endpoint(site: URL, path: string): string {
  return `${site.origin}${site.pathname.replace(/\/+$/, '')}/api/v1/${path}`;
}

/**
 * Zulip reads `to` as JSON if it can: digits are an id. A name that looks like other JSON is sent as a JSON string.
 * https://github.com/zulip/zulip/blob/main/zerver/lib/recipient_parsing.py, extract_stream_id
 */
function channelParameter(channel: string): string {
  if (/^\d+$/.test(channel)) return channel;
  try {
    JSON.parse(channel);
    return JSON.stringify(channel);
  } catch {
    return channel;
  }
}

/** The request's signal ends its answer as well: axios destroys the stream. */
async function readAnswer(response: AxiosResponse<Readable>): Promise<ZulipExchange> {
  const retryAfter: unknown = response.headers['retry-after'];
  return {
    kind: 'answer',
    status: response.status,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    body: await readText(response.data),
  };
}

/** @returns the answer's beginning, 64 KiB and a chunk at most: leaving the loop closes the connection. */
async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LARGEST_ANSWER) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
