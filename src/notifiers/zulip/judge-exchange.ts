import type { FailureReason, RateFacts, RetryOutcome } from '../notifier.js';
import { isRecord } from './shown-value.js';
import type { ZulipExchange } from './zulip-exchange.js';

/** An answer of Zulip's own: https://zulip.com/api/rest-error-handling */
export type ZulipAnswer = Readonly<Record<string, unknown>> & { result: 'success' | 'error' };

/** Makes of an answer's body, or of a fault in words, what may be recorded. */
export type Show = (text: string) => string;

/** What every outcome of an answer tells. */
export interface AnswerFacts {
  httpStatus: number;
  rate?: RateFacts;
}

/** A request that was answered with what it asked for. */
export interface ExchangeSuccess<Value> {
  kind: 'success';
  value: Value;
  /** The answer as it came, not yet fit to be recorded. */
  body: string;
  facts: AnswerFacts;
}

/** A request that was not. */
export interface ExchangeFailure {
  kind: 'failure';
  reason: FailureReason;
  /** Whether the request may have done its work all the same. */
  inDoubt: boolean;
  retryAfterSeconds?: number;
  /** Zulip's own code for the error, where it gave one. */
  code: unknown;
  facts: Partial<AnswerFacts> & { response: string };
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

/**
 * Says what an exchange came to. Only a parsed answer of Zulip's own, or a connection that never stood, leaves no doubt.
 *
 * @param read takes what was asked for out of a success; undefined where it is not there
 */
export function judgeExchange<Value>(
  exchange: ZulipExchange,
  show: Show,
  read: (answer: ZulipAnswer) => Value | undefined,
): ExchangeSuccess<Value> | ExchangeFailure {
  if (exchange.kind === 'fault') {
    const { fault, connected, detail } = exchange;
    return { kind: 'failure', reason: fault, inDoubt: connected, code: undefined, facts: { response: show(detail) } };
  }
  const { status, body, rate, retryAfter } = exchange;
  const answer = parseAnswer(body);
  const facts = { httpStatus: status, ...(rate && { rate }) };
  if (isSuccess(status)) {
    const value = answer?.result === 'success' ? read(answer) : undefined;
    if (value !== undefined) return { kind: 'success', value, body, facts };
  }
  const reason = reasonFor(status, answer);
  const retryAfterSeconds = readSeconds(answer?.['retry-after']) ?? readSeconds(retryAfter);
  return {
    kind: 'failure',
    reason,
    inDoubt: answer === undefined || reason === 'unreadable_answer',
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    code: answer?.['code'],
    facts: { ...facts, response: show(body) },
  };
}

export function asRetry({ reason, inDoubt, retryAfterSeconds, facts }: ExchangeFailure): RetryOutcome {
  return { outcome: 'retry', reason, inDoubt, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }), ...facts };
}

function reasonFor(status: number, answer: ZulipAnswer | undefined): FailureReason {
  if (status >= 500) return 'server_error';
  if (status >= 300 && status < 400) return 'redirected';
  if (status < 400) return 'unreadable_answer';
  return REASON_BY_CODE.get(answer?.['code']) ?? REASON_BY_STATUS.get(status) ?? 'invalid';
}

function parseAnswer(body: string): ZulipAnswer | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isZulipAnswer(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isZulipAnswer(value: unknown): value is ZulipAnswer {
  return isRecord(value) && (value['result'] === 'success' || value['result'] === 'error');
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Zulip's are decimal fractions. The header's other form, a date, needs a clock that agrees: left to the schedule. */
function readSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) return undefined;
  return Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS);
}
