import { Problem } from '../http/problem.js';
import { ProviderError, SignatureError } from '../ticket-event/errors.js';
import { UnreadableBodyError } from './parse-body.js';
import { QueueFullError } from './queue-full-error.js';
import { UnstorableWebhookError } from './webhook-writer.js';

/** A batch takes milliseconds; a full queue is empty again long before this. */
const QUEUE_FULL_RETRY_SECONDS = 1;

/** What a sender is told while the queue is full. */
export const QUEUE_FULL = new Problem(
  503,
  'queue_full',
  'More webhooks arrive than can be stored; try again shortly.',
  {
    retryAfterSeconds: QUEUE_FULL_RETRY_SECONDS,
  },
);

/** @returns what the sender of a webhook is told of an error; one that it is not to be told stays as it is */
export function toProblem(error: unknown): unknown {
  if (error instanceof SignatureError) return new Problem(401, error.code, error.message);
  if (error instanceof ProviderError || error instanceof UnreadableBodyError) {
    return new Problem(400, error.code, error.message);
  }
  if (error instanceof UnstorableWebhookError) {
    return new Problem(400, 'unstorable', 'The webhook holds something that cannot be stored.', { cause: error });
  }
  return error instanceof QueueFullError ? QUEUE_FULL : error;
}
