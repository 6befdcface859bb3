import type { FailureReason, LookUpOutcome, RejectedOutcome, RetryOutcome, SendOutcome } from '../notifier.js';
import { asRetry, type ExchangeFailure, judgeExchange, type Show, type ZulipAnswer } from './judge-exchange.js';
import { isMessageId } from './message-list.js';
import type { ZulipExchange } from './zulip-exchange.js';

/** What another try of the same message would not change. Credentials and channels are put right by people. */
const FINAL_FOR_MESSAGES: readonly FailureReason[] = ['invalid', 'too_large'];
/** What no other request than sending is asked again after: it has no need to be done. */
const FINAL_OTHERWISE: readonly FailureReason[] = [...FINAL_FOR_MESSAGES, 'auth', 'not_found'];

/** Judges how one `POST /api/v1/messages` ended: https://zulip.com/api/send-message */
export function sendOutcome(exchange: ZulipExchange, show: Show): SendOutcome {
  const judged = judgeExchange(exchange, show, readMessageId);
  if (judged.kind === 'success') {
    return { outcome: 'sent', messageId: judged.value, ...judged.facts, response: show(judged.body) };
  }
  if (!FINAL_FOR_MESSAGES.includes(judged.reason)) return asRetry(judged);
  return { outcome: 'rejected', reason: judged.reason, ...judged.facts };
}

/** Judges a request that reads and failed. A bot that may not read gets 401 (incoming webhooks) or another 4xx. */
export function readFailureOutcome(
  failure: ExchangeFailure,
): RetryOutcome | Extract<LookUpOutcome, { outcome: 'not_allowed' }> {
  // A page of a proxy is not the server's word.
  if (!failure.inDoubt && FINAL_OTHERWISE.includes(failure.reason)) return { outcome: 'not_allowed', ...failure.facts };
  return { ...asRetry(failure), inDoubt: false };
}

/** Judges a request that changes a topic and failed. */
export function changeFailureOutcome(failure: ExchangeFailure): RetryOutcome | RejectedOutcome {
  const { reason, facts } = failure;
  return FINAL_OTHERWISE.includes(reason) ? { outcome: 'rejected', reason, ...facts } : asRetry(failure);
}

function readMessageId({ id }: ZulipAnswer): number | undefined {
  return isMessageId(id) ? id : undefined;
}
