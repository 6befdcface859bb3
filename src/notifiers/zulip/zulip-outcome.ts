import type { FailureReason, SendOutcome } from '../notifier.js';
import { isRecord } from './shown-value.js';

/** How one request ended, before it is judged. */
export type ZulipExchange =
  | { kind: 'answer'; status: number; retryAfter?: string | undefined; body: string }
  /** `connected`: whether the request may have left us. `detail`: the fault in words. */
  | { kind: 'fault'; fault: 'timeout' | 'network'; connected: boolean; detail: string };

/** An answer of Zulip's own: https://zulip.com/api/rest-error-handling */
interface ZulipAnswer {
  result: 'success' | 'error';
  id?: unknown;
  code?: unknown;
  'retry-after'?: unknown;
}

/** A server that asks for more is asked again after this long all the same. */
const LONGEST_RETRY_AFTER_SECONDS = 3_600;

/** Zulip's codes that say more than the status. Never its `msg`, which is in the reader's language. */
const REASON_BY_CODE: ReadonlyMap<unknown, FailureReason> = new Map([
  ['RATE_LIMIT_HIT', 'rate_limited'],
  ['UNAUTHORIZED', 'auth'],
  ['STREAM_DOES_NOT_EXIST', 'not_found'],
]);

const REASON_BY_STATUS: ReadonlyMap<number, FailureReason> = new Map([
  [401, 'auth'],
  [403, 'auth'],
  [404, 'not_found'],
  [408, 'timeout'],
  [413, 'too_large'],
  [429, 'rate_limited'],
]);

/** What another try of the same message would not change. */
const FINAL_REASONS: readonly FailureReason[] = ['invalid', 'too_large'];

/**
 * Judges how one `POST /api/v1/messages` ended (https://zulip.com/api/send-message). Only a parsed answer of Zulip's
 * own, or a connection that never stood, leaves no doubt whether the message arrived.
 *
 * @param show makes of an answer's body what may be recorded
 */
export function zulipOutcome(exchange: ZulipExchange, show: (text: string) => string): SendOutcome {
  if (exchange.kind === 'fault') {
    const { fault, connected, detail } = exchange;
    return { outcome: 'retry', reason: fault, inDoubt: connected, response: show(detail) };
  }
  const answer = parseAnswer(exchange.body);
  const facts = { httpStatus: exchange.status, response: show(exchange.body) };
  if (isSuccess(exchange.status)) {
    if (answer?.result === 'success' && isMessageId(answer.id)) {
      return { outcome: 'sent', messageId: answer.id, ...facts };
    }
    return { outcome: 'retry', reason: 'unreadable_answer', inDoubt: true, ...facts };
  }
  const reason = reasonFor(exchange.status, answer);
  if (FINAL_REASONS.includes(reason)) return { outcome: 'rejected', reason, ...facts };
  const retryAfterSeconds = readSeconds(answer?.['retry-after']) ?? readSeconds(exchange.retryAfter);
  return {
    outcome: 'retry',
    reason,
    inDoubt: answer === undefined,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...facts,
  };
}

function reasonFor(status: number, answer: ZulipAnswer | undefined): FailureReason {
  if (status >= 500) return 'server_error';
  if (status >= 300 && status < 400) return 'redirected';
  if (status < 400) return 'unreadable_answer';
  return REASON_BY_CODE.get(answer?.code) ?? REASON_BY_STATUS.get(status) ?? 'invalid';
}

function parseAnswer(body: string): ZulipAnswer | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isZulipAnswer(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isZulipAnswer(value: unknown): value is ZulipAnswer & Readonly<Record<string, unknown>> {
  return isRecord(value) && (value['result'] === 'success' || value['result'] === 'error');
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isMessageId(id: unknown): id is number {
  return Number.isSafeInteger(id) && Number(id) > 0;
}

/** Zulip's are decimal fractions. The header's other form, a date, needs a clock that agrees: left to the schedule. */
function readSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) return undefined;
  return Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS);
}
