import type { SendOutcome } from '../notifiers/notifier.js';
import { decide } from './retry-policy.js';
import type { AttemptStart } from './sql/begin-attempts.js';
import type { AttemptEnd, TopicNews } from './sql/finish-attempts.js';
import type { DueDelivery } from './sql/take-due.js';

/** A message that was sent, and how that ended. */
export interface EndedSend {
  deliveries: readonly { attemptId: string; delivery: DueDelivery }[];
  startedAt: Date;
  finishedAt: Date;
  outcome: SendOutcome;
  schedule: readonly number[];
  /** 0 ≤ random < 1, for jitter. */
  random: number;
  /** The destination or the channel is paused for what the outcome says: it costs nobody an attempt. */
  isHeld: boolean;
  /** Whether the receiver can be asked for an attempt in doubt. */
  canLookUp: boolean;
  /** Milliseconds after its beginning for which the request may still land. */
  landsWithinMs: number;
  topic: TopicNews | null;
}

/** @returns what is recorded of each delivery of the message. Pure. */
export function attemptEnds(send: EndedSend): AttemptEnd[] {
  const ends = send.deliveries.map(({ attemptId, delivery }) => attemptEnd(attemptId, delivery, send));
  // What travelled together in doubt is settled together.
  const latest = Math.max(...ends.map((end) => end.nextAttemptAt?.getTime() ?? 0));
  return ends.map((end) => (end.nextAttemptAt ? { ...end, nextAttemptAt: new Date(latest) } : end));
}

/** @returns what is recorded of an attempt that was begun and then not made */
export function notSent(start: AttemptStart, now: Date): AttemptEnd {
  return {
    id: start.id,
    deliveryId: start.deliveryId,
    durationMs: 0,
    outcome: 'retry',
    reason: 'interrupted',
    httpStatus: null,
    response: null,
    detail: null,
    messageId: null,
    inDoubt: false,
    isToLookUp: false,
    state: 'pending',
    costsAttempt: false,
    sendAlone: false,
    nextAttemptAt: now,
    finishedAt: null,
    topic: null,
  };
}

function attemptEnd(id: string, delivery: DueDelivery, send: EndedSend): AttemptEnd {
  const { outcome, startedAt, finishedAt } = send;
  const end = fate(delivery, send);
  return {
    id,
    deliveryId: delivery.id,
    durationMs: finishedAt.getTime() - startedAt.getTime(),
    outcome: outcome.outcome,
    reason: outcome.outcome === 'sent' ? null : outcome.reason,
    httpStatus: outcome.httpStatus ?? null,
    response: outcome.response ?? null,
    messageId: outcome.outcome === 'sent' ? (outcome.messageId ?? null) : null,
    inDoubt: isInDoubt(outcome),
    topic: send.topic,
    ...end,
    detail: end.state === 'dead' ? whatWasSaid(outcome.response) : null,
  };
}

type Fate = Pick<AttemptEnd, 'state' | 'costsAttempt' | 'sendAlone' | 'isToLookUp' | 'nextAttemptAt' | 'finishedAt'>;

function fate(delivery: DueDelivery, send: EndedSend): Fate {
  const { outcome, finishedAt, startedAt } = send;
  // A joined message that is refused says nothing of its parts: each gets its own chance.
  if (outcome.outcome === 'rejected' && send.deliveries.length > 1) {
    return { ...pendingUntil(finishedAt), costsAttempt: false, sendAlone: true };
  }
  const decision = decide(outcome, delivery.attempts + 1, send.schedule, send.random);
  const costsAttempt = !send.isHeld && (decision.state !== 'pending' || decision.costsAttempt);
  if (isInDoubt(outcome) && send.canLookUp) {
    // Also when the schedule has ended: whether it is dead is seen when the receiver has been asked.
    const waitMs = !send.isHeld && decision.state === 'pending' ? decision.waitMs : 0;
    const earliest = Math.max(finishedAt.getTime() + waitMs, startedAt.getTime() + send.landsWithinMs);
    return { ...pendingUntil(new Date(earliest)), costsAttempt, isToLookUp: true };
  }
  if (send.isHeld) return { ...pendingUntil(finishedAt), costsAttempt: false };
  if (decision.state === 'pending') {
    return { ...pendingUntil(new Date(finishedAt.getTime() + decision.waitMs)), costsAttempt };
  }
  return { ...pendingUntil(null), state: decision.state, finishedAt, costsAttempt: true };
}

function pendingUntil(nextAttemptAt: Date | null): Omit<Fate, 'costsAttempt'> {
  return { state: 'pending', sendAlone: false, isToLookUp: false, nextAttemptAt, finishedAt: null };
}

function isInDoubt(outcome: SendOutcome): boolean {
  return outcome.outcome === 'retry' && outcome.inDoubt;
}

/** Fields in which receivers use to say what is wrong: Zulip's `msg`, problem documents' `detail` (RFC 9457). */
const SAYING_FIELDS = ['msg', 'detail', 'message', 'error', 'title'];
const LONGEST_DETAIL = 500;

/** @returns what the receiver of a message gave as its reason, for people; null where it said nothing */
function whatWasSaid(response: string | undefined): string | null {
  const said = response === undefined ? '' : (sayingOf(response) ?? response).trim();
  if (said === '') return null;
  // Cut between characters, not within one.
  return [...said].slice(0, LONGEST_DETAIL).join('');
}

function sayingOf(response: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(response);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const said = SAYING_FIELDS.map((field) => (parsed as Record<string, unknown>)[field]);
    return said.find((value): value is string => typeof value === 'string' && value !== '');
  } catch {
    // Not JSON, or cut off: it is shown as it is.
    return undefined;
  }
}
