import { Logger } from '@nestjs/common';
import type { ComposedMessage, LookUpOutcome } from '../notifiers/notifier.js';
import type { DestinationParts, Target } from './destination-parts.js';
import { DEFAULT_RETRY_SCHEDULE_SECONDS } from './retry-policy.js';
import { type DoubtfulDelivery, findDoubts } from './sql/find-doubts.js';
import { findEqualDoubts } from './sql/find-equal-doubts.js';
import { findHeldMessages } from './sql/find-held-messages.js';
import { type SettledDoubt, settleDoubts } from './sql/settle-doubts.js';

/** More than a joined message ever carries, so that one is always read whole. */
const MOST_READ = 500;
/** Look-ups that fail while other requests succeed: then the receiver is taken for one that cannot be asked. */
const MOST_FAILURES = 5;
const FIRST_PAUSE_MS = 5_000;
/** Until the message that reads the same has been answered for. */
const SAME_IN_THE_AIR_MS = 500;

/** What was one request: the deliveries that it carried. */
type Doubt = [DoubtfulDelivery, ...DoubtfulDelivery[]];

type Looked = Extract<LookUpOutcome, { outcome: 'looked' }>;

type Finding = Pick<SettledDoubt, 'lookedUp' | 'messageId'> & { nextAttemptAt?: Date };

/** Asks the receiver for attempts of which nobody knows whether they arrived, one after the other. */
export class DoubtSettler {
  private readonly logger = new Logger('deliveries');
  /** Look-ups that failed, by attempt. */
  private readonly failures = new Map<string, number>();
  private stopped = false;

  constructor(private readonly parts: DestinationParts) {}

  /**
   * Settles what is in doubt and can no longer land: found, it is delivered; absent, it is sent again; where nobody can
   * tell, it is sent again as well.
   *
   * @param most requests to be settled
   * @returns `unanswered` when one could not be asked for: the rest is left then
   */
  async settle(target: Target, most: number): Promise<'nothing' | 'some' | 'unanswered'> {
    const { db, clock, lease } = this.parts;
    const rows = await findDoubts(db, lease.destinationId, clock.now(), MOST_READ);
    const doubts = byRequest(rows).slice(0, most);
    for (const doubt of doubts) {
      if (this.stopped || this.parts.pauses.isByAdmin) break;
      // A receiver that is down need not be asked for each.
      if ((await this.settleOne(doubt, target)) === 'open' && this.parts.pauses.whole) return 'unanswered';
    }
    return doubts.length > 0 ? 'some' : 'nothing';
  }

  /** Asks for nothing more. */
  stop(): void {
    this.stopped = true;
  }

  private async settleOne(doubt: Doubt, target: Target): Promise<SettledDoubt['lookedUp']> {
    const trace = this.parts.traces?.lookUp(doubt);
    const finding = await this.find(doubt, target);
    trace?.end({ 'deskwire.looked_up': finding.lookedUp });
    const { clock, db, lease } = this.parts;
    const schedule = target.destination.settings.retry_schedule_seconds ?? DEFAULT_RETRY_SCHEDULE_SECONDS;
    const now = clock.now();
    const settled = doubt.map((delivery): SettledDoubt => {
      const { id: deliveryId, attempt_id: attemptId } = delivery;
      const state = stateOf(finding, delivery.attempts > schedule.length);
      const nextAttemptAt = state === 'pending' ? (finding.nextAttemptAt ?? now) : null;
      return { deliveryId, attemptId, ...finding, state, at: now, nextAttemptAt };
    });
    await settleDoubts(db, lease, settled);
    this.parts.meter.settled(settled);
    this.report(doubt, finding, target);
    const last = doubt.at(-1) ?? doubt[0];
    if (finding.messageId !== null) {
      lease.saw(finding.messageId);
      await this.parts.steward.found(finding.messageId, last.topic, last, target.destination, target.notifier);
    }
    return finding.lookedUp;
  }

  private async find(doubt: Doubt, { destination, notifier }: Target): Promise<Finding> {
    const [lead] = doubt;
    const message: ComposedMessage = { channel: lead.channel, topic: lead.topic, content: lead.content };
    if (!notifier.lookUp || lead.attempt_id === null) return { lookedUp: 'not_allowed', messageId: null };
    if (this.parts.air.has(message)) return this.later(SAME_IN_THE_AIR_MS);
    await this.parts.pacer.pass();
    const newerThan = lead.newer_than === null ? null : Number(lead.newer_than);
    const question = { message, startedAt: lead.started_at, newerThan };
    const answer = await notifier.lookUp(question, destination, this.parts.sendLimitMs);
    await this.parts.health.hear(answer, lead.channel, destination);
    // Begun since we asked: what was found may be its.
    if (isFound(answer) && this.parts.air.has(message)) return this.later(SAME_IN_THE_AIR_MS);
    return this.judge(answer, doubt);
  }

  private async judge(answer: LookUpOutcome, doubt: Doubt): Promise<Finding> {
    const [lead] = doubt;
    if (answer.outcome === 'retry') return this.failed(lead, answer.reason === 'rate_limited');
    this.failures.delete(lead.attempt_id ?? '');
    if (answer.outcome === 'not_allowed') return { lookedUp: 'not_allowed', messageId: null };
    const messageId = await this.ownOf(answer, doubt);
    return { lookedUp: messageId === null ? 'absent' : 'found', messageId };
  }

  /**
   * @returns the likeliest of the messages that no other attempt has. One that stands where another delivery in doubt was
   *   sent, with the same words, is left to that.
   */
  private async ownOf({ messageIds, elsewhere }: Looked, doubt: Doubt): Promise<number | null> {
    const [lead] = doubt;
    const id = lead.joined_id ?? lead.attempt_id;
    if (messageIds.length === 0 || id === null) return null;
    const { db, lease } = this.parts;
    const held = await findHeldMessages(db, lease.destinationId, { id, startedAt: lead.started_at }, messageIds);
    const ids = doubt.map((delivery) => delivery.id);
    const others =
      elsewhere.size === 0
        ? new Set<string>()
        : await findEqualDoubts(db, lease.destinationId, lead.channel, lead.content, ids);
    const isAnothers = (message: number): boolean => others.has(elsewhere.get(message)?.toLowerCase() ?? '');
    return messageIds.find((message) => !held.has(message) && !isAnothers(message)) ?? null;
  }

  private failed(lead: DoubtfulDelivery, isRateLimited: boolean): Finding {
    const id = lead.attempt_id ?? '';
    // While the destination is paused, it is the receiver's fault, and asked again when the pause is probed.
    if (isRateLimited || this.parts.pauses.whole) return this.later(0);
    const failures = (this.failures.get(id) ?? 0) + 1;
    this.failures.set(id, failures);
    if (failures < MOST_FAILURES) return this.later(FIRST_PAUSE_MS * 2 ** (failures - 1));
    this.failures.delete(id);
    return { lookedUp: 'failed', messageId: null };
  }

  private later(ms: number): Finding {
    return { lookedUp: 'open', messageId: null, nextAttemptAt: new Date(this.parts.clock.now().getTime() + ms) };
  }

  private report(doubt: Doubt, { lookedUp, messageId }: Finding, { destination }: Target): void {
    if (lookedUp === 'open') return;
    const facts = { delivery_id: doubt[0].id, destination: destination.name, looked_up: lookedUp };
    const detail = messageId === null ? 'is sent again' : 'had arrived';
    this.logger.log({ ...facts, message_id: messageId }, `an attempt in doubt ${detail}`);
  }
}

function stateOf({ lookedUp }: Finding, isLast: boolean): SettledDoubt['state'] {
  if (lookedUp === 'found') return 'delivered';
  return lookedUp !== 'open' && isLast ? 'dead' : 'pending';
}

function isFound(answer: LookUpOutcome): boolean {
  return answer.outcome === 'looked' && answer.messageIds.length > 0;
}

/** Groups what travelled together; the last group is left for the next time if it may not have been read whole. */
function byRequest(rows: readonly DoubtfulDelivery[]): Doubt[] {
  const doubts = new Map<string, Doubt>();
  for (const row of rows) {
    const id = row.joined_id ?? row.attempt_id ?? row.id;
    const doubt = doubts.get(id);
    if (doubt) doubt.push(row);
    else doubts.set(id, [row]);
  }
  const whole = [...doubts.values()];
  if (rows.length === MOST_READ && whole.length > 1) whole.pop();
  return whole;
}
