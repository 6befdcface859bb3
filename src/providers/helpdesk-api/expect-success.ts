import { HelpdeskError } from '../../ticket-event/errors.js';
import type { HelpdeskAnswer } from './helpdesk-client.js';

/**
 * Waits for an answer that has to be a success. What a helpdesk writes into a refusal is not repeated: it may hold the
 * hook URL.
 *
 * @param what was asked for: begins the error's message
 * @param alsoFine other statuses that come to the same
 * @throws HelpdeskError
 */
export async function expectSuccess(
  what: string,
  asking: Promise<HelpdeskAnswer>,
  alsoFine: readonly number[] = [],
): Promise<HelpdeskAnswer> {
  let answer: HelpdeskAnswer;
  try {
    answer = await asking;
  } catch (error) {
    if (!(error instanceof HelpdeskError)) throw error;
    throw new HelpdeskError(`${what}: ${error.message}`, { cause: error });
  }
  if (isSuccess(answer) || alsoFine.includes(answer.status)) return answer;
  throw new HelpdeskError(`${what}: ${explainRefusal(answer)}`);
}

export function isSuccess({ status }: HelpdeskAnswer): boolean {
  return status >= 200 && status < 300;
}

/** @returns what a refusal means, in words for the admin */
export function explainRefusal({ status, retryAfterMs }: HelpdeskAnswer): string {
  if (status === 401 || status === 403) return `it refuses secrets.api_token (HTTP ${status}).`;
  if (status === 404) return 'there is nothing at this address (HTTP 404): check settings.api_url.';
  if (status >= 200 && status < 300) return 'its answer is not what was expected.';
  if (status !== 429) return `it answered with HTTP ${status}.`;
  const wait = retryAfterMs === undefined ? 'later' : `in ${Math.ceil(retryAfterMs / 1_000)} s`;
  return `it has been asked too often (HTTP 429): try again ${wait}.`;
}
