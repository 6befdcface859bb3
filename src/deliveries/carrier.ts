import { Logger } from '@nestjs/common';
import { newId } from '../clock/new-id.js';
import type { ComposedMessage, SendOutcome } from '../notifiers/notifier.js';
import { attemptEnds, notSent } from './attempt-ends.js';
import type { DestinationParts, Target } from './destination-parts.js';
import type { Parcel } from './parcel.js';
import { DEFAULT_RETRY_SCHEDULE_SECONDS } from './retry-policy.js';
import type { AttemptStart } from './sql/begin-attempts.js';
import { findSamePlace } from './sql/find-same-place.js';
import type { AttemptEnd, TopicNews } from './sql/finish-attempts.js';
import type { Prepared } from './threads/thread-book.js';
import type { AttemptTrace } from './traces/attempt-trace.js';

/** How often the database is told a topic's latest message. */
const KEEP_MESSAGE_AFTER_MS = 60_000;

/**
 * So long after an attempt has begun its request may start: until when it may land, and when it may be looked up, is
 * counted from the beginning that is on record.
 */
const LONGEST_WAIT_TO_SEND_MS = 1_000;

/** A message on its way, with the attempts that it is. */
interface Journey {
  parcel: Parcel;
  message: ComposedMessage;
  starts: AttemptStart[];
  startedAt: Date;
  /** Where it is traced. */
  trace?: AttemptTrace | undefined;
}

/** Takes messages through the log and to their receiver, one call a message. */
export class Carrier {
  private readonly logger = new Logger('deliveries');

  constructor(private readonly parts: DestinationParts) {}

  /**
   * @returns whether the lanes may go on: nothing of the message waits for another try
   * @throws LeaseLostError, DatabaseUnavailableError: then deliveries may be left `sending`, and are settled before the
   *   destination is worked again
   */
  async carry(parcel: Parcel, target: Target): Promise<boolean> {
    const message = await this.address(parcel, target);
    // An admin has paused it while the message waited for its topic: it waits in the log instead.
    if (this.parts.pauses.isByAdmin) return this.unsent(false);
    const [first] = parcel.items;
    if (first.delivery.has_sibling && (await this.isTaken(first, message))) {
      await this.endUnsent(first, { state: 'skipped', reason: 'same_place', detail: null }, message);
      return this.unsent(true);
    }
    const journey = this.makeStarts(parcel, message);
    if (!(await this.begin(journey))) return this.unsent(false);
    await this.parts.assureLease();
    const { clock } = this.parts;
    if (clock.now().getTime() - journey.startedAt.getTime() > LONGEST_WAIT_TO_SEND_MS) {
      // The database was away, or the process stood still: the attempt is begun anew.
      await this.parts.log.finish(journey.starts.map((start) => notSent(start, clock.now())));
      return this.unsent(false);
    }
    const { notifier, destination } = target;
    const outcome = await this.parts.air.while(message, async () => {
      const trace = (journey.trace = this.trace(journey, target));
      const { sendLimitMs } = this.parts;
      const sent = await notifier.send(message, destination, sendLimitMs, first.delivery.id, trace?.traceparent);
      trace?.answered(sent);
      await this.finish(journey, sent, target);
      return sent;
    });
    if (outcome.outcome === 'sent') await this.resolveIfClosed(parcel, target);
    return outcome.outcome === 'sent' || (outcome.outcome === 'rejected' && parcel.items.length === 1);
  }

  /** @returns whether the lanes go on; what is not sent, as when many are cancelled, costs nothing of the rate */
  private unsent(goesOn: boolean): boolean {
    this.parts.pacer.giveBack();
    return goesOn;
  }

  /** Ends a delivery that there is nothing to send for. */
  async endUnsent(
    { delivery }: Prepared,
    end: { state: 'skipped' | 'dead'; reason: string; detail: string | null },
    message?: ComposedMessage,
  ): Promise<void> {
    if (end.state === 'dead') {
      this.logger.error({ delivery_id: delivery.id, reason: end.reason, detail: end.detail }, 'a delivery is dead');
    }
    await this.parts.log.endUnsent({
      deliveryId: delivery.id,
      ...end,
      finishedAt: this.parts.clock.now(),
      channel: message?.channel ?? null,
      topic: message?.topic ?? null,
    });
    this.parts.traces?.unsent(delivery, end);
  }

  /** The message under the name that its topic has now. */
  private async address(
    { items, message, inHurry }: Parcel,
    { destination, notifier }: Target,
  ): Promise<ComposedMessage> {
    const last = items.at(-1) ?? items[0];
    if (!last.topic) return message;
    const topic = await this.parts.steward.nameFor(last.topic, last.delivery, destination, notifier, inHurry);
    return { ...message, topic };
  }

  private isTaken({ delivery }: Prepared, message: ComposedMessage): Promise<boolean> {
    return findSamePlace(this.parts.db, {
      deliveryId: delivery.id,
      eventId: delivery.event_id,
      destinationId: this.parts.lease.destinationId,
      sequence: delivery.sequence,
      channel: message.channel,
      topic: message.topic,
    });
  }

  private makeStarts(parcel: Parcel, message: ComposedMessage): Journey {
    const startedAt = this.parts.clock.now();
    const ids = parcel.items.map(() => newId(startedAt));
    const isJoined = parcel.items.length > 1;
    const starts = parcel.items.map(({ delivery, composition, newThread }, index) => ({
      id: ids[index] ?? '',
      deliveryId: delivery.id,
      startedAt,
      message: composition.kind === 'message' ? { ...message, content: composition.message.content } : message,
      joinedId: isJoined ? (ids[0] ?? null) : null,
      joinedContent: isJoined && index === 0 ? message.content : null,
      newerThan: this.parts.lease.newestMessageId,
      thread: newThread,
    }));
    return { parcel, message, starts, startedAt };
  }

  /** @returns whether the message may be sent as it is */
  private async begin({ parcel, starts, startedAt }: Journey): Promise<boolean> {
    const begun = await this.parts.log.begin(starts);
    for (const item of parcel.items) this.parts.book.kept(item);
    if (begun.every(Boolean)) return true;
    // A part was cancelled meanwhile: the others are taken up anew, without it.
    const ends = starts.filter((_start, index) => begun[index]).map((start) => notSent(start, startedAt));
    if (ends.length > 0) await this.parts.log.finish(ends);
    return false;
  }

  private trace({ parcel, starts }: Journey, { destination, notifier }: Target): AttemptTrace | undefined {
    const { traces } = this.parts;
    if (!traces) return undefined;
    const deliveries = parcel.items.map(({ delivery }) => delivery);
    return traces.attempt(deliveries, starts, notifier.receiverOf(destination));
  }

  private async finish(
    { parcel, starts, startedAt, trace }: Journey,
    outcome: SendOutcome,
    target: Target,
  ): Promise<void> {
    const { clock, health, landsWithinMs } = this.parts;
    const { destination, notifier } = target;
    const finishedAt = clock.now();
    // What only this process knows is written first: a fault of the database in between is dealt with afterwards.
    const faults: unknown[] = [];
    const isHeld = await health.hear(outcome, parcel.message.channel, destination).catch((error: unknown) => {
      faults.push(error);
      return false;
    });
    if (notifier.disablesFailing) {
      await this.parts.failures.hear(outcome, destination).catch((error: unknown) => faults.push(error));
    }
    const topic = await this.topicNews(parcel, outcome, target, finishedAt).catch((error: unknown) => {
      faults.push(error);
      return null;
    });
    const ends = attemptEnds({
      deliveries: parcel.items.map(({ delivery }, index) => ({ attemptId: starts[index]?.id ?? '', delivery })),
      startedAt,
      finishedAt,
      outcome,
      schedule: destination.settings.retry_schedule_seconds ?? DEFAULT_RETRY_SCHEDULE_SECONDS,
      random: Math.random(),
      isHeld,
      canLookUp: notifier.lookUp !== undefined,
      landsWithinMs,
      topic,
    });
    await this.parts.log.finish(ends);
    trace?.ended(ends);
    this.report(ends, outcome, target, trace);
    if (faults.length > 0) throw faults[0];
  }

  /** What the database is to know of the topic: its message now and then, and whether it is to be resolved. */
  private async topicNews(
    { items }: Parcel,
    outcome: SendOutcome,
    { destination, notifier }: Target,
    now: Date,
  ): Promise<TopicNews | null> {
    if (outcome.outcome !== 'sent' || outcome.messageId === undefined) return null;
    this.parts.lease.saw(outcome.messageId);
    const { topic, delivery } = items.at(-1) ?? items[0];
    if (!topic) return null;
    topic.messageId = outcome.messageId;
    const resolves = await this.parts.steward.isToBeResolved(topic, delivery, notifier);
    const isFresh = topic.savedAt !== null && now.getTime() - topic.savedAt.getTime() < KEEP_MESSAGE_AFTER_MS;
    if (isFresh && !resolves) return null;
    topic.savedAt = now;
    return { ...topic.key, message_id: outcome.messageId, resolve_by: resolves ? destination.id : null };
  }

  /** The lane waits for it, so that a message that reopens the topic comes after. */
  private async resolveIfClosed({ items }: Parcel, { destination, notifier }: Target): Promise<void> {
    const { topic, delivery } = items.at(-1) ?? items[0];
    if (!topic || !(await this.parts.steward.isToBeResolved(topic, delivery, notifier))) return;
    await this.parts.steward.resolve(topic, delivery, destination, notifier);
  }

  private report(
    ends: readonly AttemptEnd[],
    outcome: SendOutcome,
    { destination }: Target,
    trace: AttemptTrace | undefined,
  ): void {
    if (outcome.outcome === 'sent') return;
    for (const end of ends) {
      const traceId = trace?.traceIdOf(end.deliveryId);
      const facts = {
        delivery_id: end.deliveryId,
        destination: destination.name,
        reason: outcome.reason,
        ...(traceId !== undefined && { trace_id: traceId }),
      };
      if (end.state === 'dead') this.logger.error(facts, 'a delivery is dead');
      else this.logger.warn(facts, 'a delivery will be tried again');
    }
  }
}
