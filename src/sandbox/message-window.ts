import { badRequest } from './sandbox-error.js';
import type { SandboxMessage } from './sandbox-message.js';

/** Zulip answers the anchor `newest` with this number: larger than any id. */
const BEYOND_NEWEST = 10_000_000_000_000_000;
/** https://zulip.com/api/get-messages: `num_before` and `num_after` together. */
const MOST_MESSAGES_A_FETCH = 5_000;

/** Which messages of a narrow are asked for. */
export interface WindowRequest {
  /** A message id, `newest`, `oldest` or `first_unread`. */
  anchor: string | undefined;
  includeAnchor: boolean;
  numBefore: number;
  numAfter: number;
}

export interface MessageWindow {
  messages: SandboxMessage[];
  anchor: number;
  foundAnchor: boolean;
  foundOldest: boolean;
  foundNewest: boolean;
}

/**
 * Cuts a window out of the messages of a narrow, as Zulip does: so many before the anchor, the anchor itself, so many
 * after. Beyond an end nothing is looked for; an end counts as found if fewer messages came than were asked for.
 *
 * @param messages oldest first
 * @throws SandboxError 400 for an anchor that is none, and for more than 5,000 messages
 */
export function cutWindow(messages: readonly SandboxMessage[], request: WindowRequest): MessageWindow {
  const { includeAnchor, numBefore, numAfter } = request;
  if (numBefore + numAfter > MOST_MESSAGES_A_FETCH) {
    throw badRequest(`Too many messages requested (maximum ${MOST_MESSAGES_A_FETCH}).`);
  }
  const anchor = readAnchor(request.anchor);
  const atNewest = anchor === BEYOND_NEWEST;
  const atOldest = anchor === 0;
  // `slice(-0)` would be everything.
  const before = numBefore === 0 ? [] : messages.filter(({ id }) => id < anchor).slice(-numBefore);
  const at = includeAnchor ? messages.filter(({ id }) => id === anchor) : [];
  const after = messages.filter(({ id }) => id > anchor).slice(0, numAfter);
  return {
    messages: [...before, ...at, ...after],
    anchor,
    foundAnchor: at.length === 1,
    foundOldest: atOldest || before.length < numBefore,
    foundNewest: atNewest || after.length < numAfter,
  };
}

function readAnchor(anchor: string | undefined): number {
  if (anchor === undefined) throw badRequest("Missing 'anchor' argument.");
  if (anchor === 'oldest') return 0;
  // A bot has read all that it sent.
  if (anchor === 'newest' || anchor === 'first_unread') return BEYOND_NEWEST;
  if (!/^-?\d+$/.test(anchor)) throw badRequest('Invalid anchor');
  return Math.min(Math.max(Number(anchor), 0), BEYOND_NEWEST);
}
