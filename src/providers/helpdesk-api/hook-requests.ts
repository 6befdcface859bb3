import { HelpdeskError } from '../../ticket-event/errors.js';
import { asPayload, type Payload, readLine } from '../read-payload.js';
import { expectSuccess, explainRefusal } from './expect-success.js';
import type { HelpdeskAccess, HelpdeskClient } from './helpdesk-client.js';

/** An admin waits for the answer, no message does. */
const TIME_LIMIT_MS = 10_000;
/** What is not there any more need not be removed. */
const GONE = [404, 410];
/** Not `.` or `..`, which would be another address. */
const HOOK_ID = /^(?!\.{1,2}$)[\w.:-]{1,200}$/;

/** A request about one of our hooks. */
interface HookRequest {
  path: string;
  /** What it means if it fails: begins the error's message. */
  failure: string;
}

/**
 * Registers a hook. A page in HTML with HTTP 200, as a wrong address may give, registers nothing.
 *
 * @returns what the helpdesk says of it; nothing where it says nothing
 * @throws HelpdeskError
 */
export async function postHook(
  client: HelpdeskClient,
  access: HelpdeskAccess,
  { path, failure, body }: HookRequest & { body: object },
): Promise<Payload> {
  const asking = client.request(access, { method: 'POST', path, body, timeLimitMs: TIME_LIMIT_MS });
  const answer = await expectSuccess(failure, asking);
  if (answer.body === null) return {};
  const payload = asPayload(answer.body);
  if (!payload) throw new HelpdeskError(`${failure}: ${explainRefusal(answer)}`);
  return payload;
}

/** @returns the id in an answer, if it is one that can be asked for again: other ones count as none */
export function readHookId(payload: Payload): string | undefined {
  const id = readLine(payload, 'id');
  return id !== undefined && HOOK_ID.test(id) ? id : undefined;
}

/**
 * Removes a hook, if it is still there.
 *
 * @throws HelpdeskError
 */
export async function deleteHook(
  client: HelpdeskClient,
  access: HelpdeskAccess,
  { path, failure }: HookRequest,
): Promise<void> {
  await expectSuccess(failure, client.request(access, { method: 'DELETE', path, timeLimitMs: TIME_LIMIT_MS }), GONE);
}
