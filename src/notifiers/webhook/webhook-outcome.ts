import { OutgoingFault, type OutgoingAnswer } from '../../outgoing/outgoing-http.js';
import type { FailureReason, SendOutcome } from '../notifier.js';
import { readRetryAfter } from './read-retry-after.js';

const GONE = 410;
const TOO_LARGE = 413;
const TOO_MANY = 429;
/** A 429 costs no attempt, so whoever always gives one, with `Retry-After: 0`, must not be called without end. */
const SHORTEST_REST_SECONDS = 5;

const REASON_BY_STATUS: ReadonlyMap<number, FailureReason> = new Map([
  [408, 'timeout'],
  [TOO_MANY, 'rate_limited'],
]);

/**
 * Says what an answer means. Standard Webhooks: any 2xx is a success, 410 wants no more, and whatever else is tried again;
 * but what is too large stays so.
 *
 * @param show makes of a body what may be recorded
 */
export function webhookOutcome(answer: OutgoingAnswer, show: (text: string) => string, now: Date): SendOutcome {
  const { status, headers, body } = answer;
  const facts = { httpStatus: status, response: show(body.toString('utf8')) };
  if (status >= 200 && status < 300) return { outcome: 'sent', ...facts };
  if (status === GONE) return { outcome: 'rejected', reason: 'gone', ...facts };
  if (status === TOO_LARGE) return { outcome: 'rejected', reason: 'too_large', ...facts };
  const asked = readRetryAfter(headers, now);
  const retryAfterSeconds = status === TOO_MANY ? Math.max(asked ?? 0, SHORTEST_REST_SECONDS) : asked;
  return {
    outcome: 'retry',
    reason: reasonFor(status),
    // What fails on the way back, or half-way through, may have been taken in.
    inDoubt: status >= 500,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...facts,
  };
}

/** @param error what `OutgoingHttp` threw, or a fault of ours: then nothing was sent */
export function faultOutcome(error: unknown, show: (text: string) => string): SendOutcome {
  if (!(error instanceof OutgoingFault)) {
    return { outcome: 'retry', reason: 'network', inDoubt: false, response: show(String(error)) };
  }
  const reason = error.isTimeout ? 'timeout' : 'network';
  return { outcome: 'retry', reason, inDoubt: error.sent, response: show(error.message) };
}

function reasonFor(status: number): FailureReason {
  if (status >= 500) return 'server_error';
  if (status < 400) return 'redirected';
  return REASON_BY_STATUS.get(status) ?? 'refused';
}
