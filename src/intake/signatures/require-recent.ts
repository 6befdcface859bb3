import { SignatureError } from '../../ticket-event/errors.js';

/** As Standard Webhooks has it: what was overheard is worth nothing after this. Clocks may be wrong in both directions. */
const REPLAY_WINDOW_MS = 300_000;

/**
 * @param name the header that says when the webhook was sent
 * @throws SignatureError where that is more than five minutes from now
 */
export function requireRecent(sentAt: Date, now: Date, name: string): void {
  if (Math.abs(now.getTime() - sentAt.getTime()) > REPLAY_WINDOW_MS) {
    throw new SignatureError(`The time in the header ${name} is more than five minutes from now.`);
  }
}
