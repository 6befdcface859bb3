import type { RateFacts } from '../notifier.js';

/** How one request ended, before it is judged. */
export type ZulipExchange =
  | ({ kind: 'answer'; status: number; body: string } & HeaderFacts)
  /** `connected`: whether the request may have left us. `detail`: the fault in words. `error`: what was thrown. */
  | { kind: 'fault'; fault: 'timeout' | 'network'; connected: boolean; detail: string; error?: unknown };

/** What an answer's headers say besides its status; absent where they do not say it, or not readably. */
interface HeaderFacts {
  /** As it was written. */
  retryAfter?: string;
  rate?: RateFacts;
  /** Where a redirection leads, as it was written. */
  location?: string;
  /** Milliseconds by which the server's clock is ahead of ours; up to a second too little, since `Date` is cut to seconds. */
  clockAheadMs?: number;
}

const WHOLE_NUMBER = /^\d{1,15}$/;

/**
 * @param headers by their names in lower case
 * @param now when they came, by our clock
 */
export function readHeaderFacts(headers: Readonly<Record<string, string>>, now: Date): HeaderFacts {
  const { 'retry-after': retryAfter, location } = headers;
  const rate = readRate(headers);
  const serverTime = Date.parse(String(headers['date']));
  return {
    ...(retryAfter !== undefined && { retryAfter }),
    ...(rate && { rate }),
    ...(location !== undefined && { location }),
    ...(!Number.isNaN(serverTime) && { clockAheadMs: serverTime - now.getTime() }),
  };
}

/** https://zulip.com/api/http-headers#rate-limiting-response-headers */
function readRate(headers: Readonly<Record<string, string>>): RateFacts | undefined {
  const limit = readWholeNumber(headers['x-ratelimit-limit']);
  const remaining = readWholeNumber(headers['x-ratelimit-remaining']);
  return limit === undefined || limit < 1 || remaining === undefined ? undefined : { limit, remaining };
}

function readWholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && WHOLE_NUMBER.test(value) ? Number(value) : undefined;
}
