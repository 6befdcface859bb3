import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { OutgoingFault, OutgoingHttp } from '../../outgoing/outgoing-http.js';
import { HelpdeskError } from '../../ticket-event/errors.js';
import { readRetryAfter } from './read-retry-after.js';

/** Where a source's helpdesk has its API, and what opens it. */
export interface HelpdeskAccess {
  /** Without a trailing slash. */
  readonly address: string;
  /** Sent as a bearer token. Never to be logged or shown. */
  readonly token?: string;
}

export interface HelpdeskRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Begins with a slash; what comes from outside in it is encoded. */
  path: string;
  /** Sent as JSON. */
  body?: object;
  timeLimitMs: number;
}

/** What a helpdesk answered, whatever its status. */
export interface HelpdeskAnswer {
  status: number;
  /** Undefined where it is no JSON, null where it is empty. */
  body: unknown;
  /** How long it asks to be left alone. */
  retryAfterMs?: number;
}

/** Of a ticket with its last message, or of all agents of a helpdesk. */
const LARGEST_ANSWER = 1024 * 1024;

/** Speaks JSON with helpdesks' APIs. */
@Injectable()
export class HelpdeskClient {
  constructor(
    private readonly http: OutgoingHttp,
    private readonly clock: Clock,
  ) {}

  /** @throws HelpdeskError where there is no whole answer in time; it says why, without the token */
  async request({ address, token }: HelpdeskAccess, request: HelpdeskRequest): Promise<HelpdeskAnswer> {
    const { method, path, body, timeLimitMs } = request;
    try {
      const answer = await this.http.request({
        method,
        url: address + path,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        largestAnswer: LARGEST_ANSWER,
        timeLimitMs,
      });
      const retryAfterMs = readRetryAfter(answer.headers['retry-after'], this.clock.now());
      return {
        status: answer.status,
        body: parseJson(answer.body.toString('utf8')),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      };
    } catch (error) {
      throw new HelpdeskError(explainFault(error, timeLimitMs), { cause: error });
    }
  }
}

function explainFault(error: unknown, timeLimitMs: number): string {
  // The address is none.
  if (!(error instanceof OutgoingFault)) return 'it cannot be asked: check settings.api_url.';
  return error.isTimeout
    ? `it did not answer within ${timeLimitMs / 1_000} s.`
    : `it cannot be reached: ${error.message}.`;
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    // A page of a proxy, or one that is too long: there is nothing to read in it.
    return undefined;
  }
}
