import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { newId } from '../clock/new-id.js';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import type { ActiveDestination } from '../destinations/destination-directory.js';
import type { Composition, ComposedMessage, Notifier, SendOutcome, SkipReason } from '../notifiers/notifier.js';
import { AttemptLog } from './attempt-log.js';
import { type Decision, decide, DEFAULT_RETRY_SCHEDULE_SECONDS } from './retry-policy.js';
import { beginAttempt } from './sql/begin-attempt.js';
import { findSamePlace } from './sql/find-same-place.js';
import { findThread, type ThreadKey } from './sql/find-thread.js';
import { finishUnsent } from './sql/finish-unsent.js';
import { saveThread } from './sql/save-thread.js';
import type { DueDelivery } from './sql/take-due.js';

/** What a lane does after a delivery: go on, wait for a retry, or wait with the whole destination. */
export type LaneVerdict = { lane: 'goes_on' } | { lane: 'waits' } | { lane: 'waits'; destinationPausedUntil: Date };

const GOES_ON: LaneVerdict = { lane: 'goes_on' };
const TEMPLATE_HASH_LENGTH = 16;

/** Takes one delivery through rendering, sending and the log. */
@Injectable()
export class Deliverer {
  private readonly logger = new Logger('deliveries');

  constructor(
    private readonly db: Database,
    private readonly log: AttemptLog,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws DatabaseUnavailableError when the log cannot be read or written; then the delivery may be left `sending`, and
   * its worker settles it before it goes on
   */
  async deliver(delivery: DueDelivery, destination: ActiveDestination, notifier: Notifier): Promise<LaneVerdict> {
    const threadKey = threadKeyOf(delivery, destination, notifier);
    const threadTopic = threadKey && (await findThread(this.db, threadKey));
    const composition = this.compose(delivery, destination, notifier, threadTopic);
    if (composition.kind === 'failed') return this.endUnsent(delivery, 'dead', 'render_failed', composition.detail);
    if (composition.kind === 'nothing') return this.endUnsent(delivery, 'skipped', composition.reason, null);
    const { message } = composition;
    if (delivery.has_sibling && (await this.isTaken(delivery, destination, message))) {
      return this.endUnsent(delivery, 'skipped', 'same_place', null, message);
    }
    if (threadKey && threadTopic === undefined) await saveThread(this.db, threadKey, message.topic, this.clock.now());
    return this.attempt(delivery, destination, notifier, message);
  }

  private compose(
    delivery: DueDelivery,
    destination: ActiveDestination,
    notifier: Notifier,
    threadTopic: string | undefined,
  ): Composition | { kind: 'failed'; detail: string } {
    try {
      return notifier.compose({
        event: delivery.event,
        route: delivery.route_settings,
        destination,
        ...(threadTopic !== undefined && { threadTopic }),
      });
    } catch (error) {
      // Rendering is pure: what fails once fails always. The delivery is dead, its lane goes on.
      const detail = error instanceof Error ? error.message : String(error);
      this.logger.error({ delivery_id: delivery.id, err: error }, 'a delivery cannot be rendered');
      return { kind: 'failed', detail };
    }
  }

  private async attempt(
    delivery: DueDelivery,
    destination: ActiveDestination,
    notifier: Notifier,
    message: ComposedMessage,
  ): Promise<LaneVerdict> {
    const startedAt = this.clock.now();
    const id = newId(startedAt);
    const mayBeSent = await beginAttempt(this.db, { id, deliveryId: delivery.id, startedAt, message });
    if (!mayBeSent) return GOES_ON;
    const outcome = await notifier.send(message, destination);
    const finishedAt = this.clock.now();
    const schedule = destination.settings.retry_schedule_seconds ?? DEFAULT_RETRY_SCHEDULE_SECONDS;
    const decision = decide(outcome, delivery.attempts + 1, schedule, Math.random());
    await this.log.finish({ id, deliveryId: delivery.id, startedAt, finishedAt }, outcome, decision);
    this.report(delivery, destination, outcome, decision);
    return laneVerdict(decision, finishedAt);
  }

  private isTaken(delivery: DueDelivery, destination: ActiveDestination, message: ComposedMessage): Promise<boolean> {
    return findSamePlace(this.db, {
      eventId: delivery.event_id,
      destinationId: destination.id,
      sequence: delivery.sequence,
      channel: message.channel,
      topic: message.topic,
    });
  }

  private async endUnsent(
    delivery: DueDelivery,
    state: 'skipped' | 'dead',
    reason: SkipReason | 'render_failed',
    detail: string | null,
    message?: ComposedMessage,
  ): Promise<LaneVerdict> {
    await finishUnsent(this.db, {
      deliveryId: delivery.id,
      state,
      reason,
      detail,
      finishedAt: this.clock.now(),
      channel: message?.channel ?? null,
      topic: message?.topic ?? null,
    });
    return GOES_ON;
  }

  private report(
    delivery: DueDelivery,
    destination: ActiveDestination,
    outcome: SendOutcome,
    decision: Decision,
  ): void {
    if (outcome.outcome === 'sent') return;
    const facts = { delivery_id: delivery.id, destination: destination.name, reason: outcome.reason };
    if (decision.state === 'dead') this.logger.error(facts, 'a delivery is dead');
    else this.logger.warn(facts, 'a delivery will be tried again');
  }
}

function laneVerdict(decision: Decision, now: Date): LaneVerdict {
  if (decision.state !== 'pending') return GOES_ON;
  if (!decision.pauseDestination) return { lane: 'waits' };
  return { lane: 'waits', destinationPausedUntil: new Date(now.getTime() + decision.waitMs) };
}

function threadKeyOf(delivery: DueDelivery, destination: ActiveDestination, notifier: Notifier): ThreadKey | undefined {
  if (delivery.ticket_key === null) return undefined;
  const template = delivery.route_settings.topic ?? '';
  return {
    destinationId: destination.id,
    channel: notifier.channelFor(delivery.route_settings, destination).toLowerCase(),
    sourceId: delivery.source_id,
    ticketKey: delivery.ticket_key,
    template: template === '' ? '' : createHash('sha256').update(template).digest('hex').slice(0, TEMPLATE_HASH_LENGTH),
  };
}
