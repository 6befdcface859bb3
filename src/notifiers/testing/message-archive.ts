import type { ReceivedRequest, Script } from './scripted-server.js';

/** A message as a test speaks of it; the rest is ordinary. */
export interface ArchivedMessage {
  id: number;
  sender_email?: string;
  subject?: string;
  content?: string;
  /** Seconds. */
  timestamp?: number;
}

/**
 * Answers `GET /messages` from a list, in windows as Zulip does. It leaves narrows to the tests, and repeats the anchor
 * as servers before Zulip 6 do if it is told.
 *
 * @param messages oldest first
 */
export function archiveOf(messages: readonly ArchivedMessage[], headers = {}, repeatsAnchor = false): Script {
  return (response, request) => {
    const query = queryOf(request);
    const anchor = query['anchor'] === 'newest' ? Infinity : Number(query['anchor']);
    const before = messages.filter(({ id }) => id < anchor);
    const at = messages.filter(({ id }) => id === anchor && (repeatsAnchor || query['include_anchor'] !== 'false'));
    const after = messages.filter(({ id }) => id > anchor);
    const [numBefore, numAfter] = [Number(query['num_before']), Number(query['num_after'])];
    const body = {
      result: 'success',
      msg: '',
      messages: [...(numBefore > 0 ? before.slice(-numBefore) : []), ...at, ...after.slice(0, numAfter)].map(describe),
      found_oldest: before.length < numBefore,
      found_newest: anchor === Infinity || after.length < numAfter,
    };
    response.writeHead(200, headers).end(JSON.stringify(body));
  };
}

/** @returns the parameters of a request in its address */
export function queryOf({ path }: ReceivedRequest): Record<string, string> {
  return Object.fromEntries(new URL(path, 'http://localhost').searchParams);
}

function describe(message: ArchivedMessage): Required<ArchivedMessage> {
  return {
    sender_email: 'bot@example.com',
    subject: '#9 Test Subject',
    content: 'Hello',
    timestamp: 1_800_000_000,
    ...message,
  };
}
