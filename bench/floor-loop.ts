import { newId } from '../src/clock/new-id.js';
import type { Database } from '../src/database/database.js';
import { SystemClock } from '../src/clock/clock.js';
import { Lease } from '../src/deliveries/leases/lease.js';
import { acquireLease } from '../src/deliveries/leases/sql/acquire-lease.js';
import { releaseLeases } from '../src/deliveries/leases/sql/release-leases.js';
import { type AttemptStart, beginAttempts } from '../src/deliveries/sql/begin-attempts.js';
import { type AttemptEnd, finishAttempts } from '../src/deliveries/sql/finish-attempts.js';
import { type DueDelivery, takeDue } from '../src/deliveries/sql/take-due.js';
import type { Notifier, NotifierDestination, SendOutcome } from '../src/notifiers/notifier.js';
import type { Send } from './bare-send.js';

const CHUNK = 500;
const CONNECTIONS = 32;

/**
 * The least that delivering can be with the log that we keep: 500 due deliveries read in order with their events, rendered,
 * attempts and state written ahead, sent over 32 connections, outcomes written, the next 500 read meanwhile. By the
 * engine's own statements and templates; without lanes, threads, rates, pauses, leases to be renewed or failures.
 */
export class FloorLoop {
  constructor(
    private readonly db: Database,
    private readonly notifier: Notifier,
    private readonly destination: NotifierDestination,
    private readonly send: Send,
  ) {}

  /** @returns how many were delivered */
  async run(owner: string, leaseSeconds: number): Promise<number> {
    const row = await acquireLease(this.db, this.destination.id, owner, leaseSeconds, true);
    if (!row) throw new Error('The lease is held.');
    const lease = new Lease(this.destination.id, owner, row.fence, null, new SystemClock());
    try {
      return await this.deliver(lease);
    } finally {
      await releaseLeases(this.db, owner, [lease]);
    }
  }

  private async deliver(lease: Lease): Promise<number> {
    let delivered = 0;
    let due = await this.take();
    while (due.length > 0) {
      const starts = due.map((delivery) => this.start(delivery));
      await beginAttempts(this.db, lease, starts);
      // What is begun is not due any more.
      const next = this.take();
      await finishAttempts(this.db, lease.destinationId, await this.sendAll(starts));
      delivered += due.length;
      due = await next;
    }
    return delivered;
  }

  private take(): Promise<DueDelivery[]> {
    const question = { destinationId: this.destination.id, now: new Date(), lanesInHand: [], pausedChannels: [] };
    const defaultChannel = this.notifier.channelFor({}, this.destination);
    return takeDue(this.db, { ...question, defaultChannel, onlyChannel: null }, CHUNK);
  }

  private start({ id: deliveryId, event, route_settings: route }: DueDelivery): AttemptStart {
    const composition = this.notifier.compose({ event, route, destination: this.destination });
    if (composition.kind === 'nothing') throw new Error('There is nothing to say of an event of the bench.');
    const startedAt = new Date();
    const { message } = composition;
    const joined = { joinedId: null, joinedContent: null };
    return { id: newId(startedAt), deliveryId, startedAt, message, ...joined, newerThan: null, thread: null };
  }

  private async sendAll(starts: readonly AttemptStart[]): Promise<AttemptEnd[]> {
    const ends: AttemptEnd[] = [];
    const rest = starts.values();
    const work = async (): Promise<void> => {
      for (const start of rest) {
        const began = performance.now();
        ends.push(endOf(start, await this.send(start.message, start.deliveryId), performance.now() - began));
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
    return ends;
  }
}

function endOf({ id, deliveryId }: AttemptStart, outcome: SendOutcome, durationMs: number): AttemptEnd {
  if (outcome.outcome !== 'sent') throw new Error(`The sink was not reached: ${outcome.reason}.`);
  const { httpStatus = null, response = null, messageId = null } = outcome;
  const nothingElse = { reason: null, inDoubt: false, isToLookUp: false, sendAlone: false, nextAttemptAt: null };
  return {
    id,
    deliveryId,
    durationMs: Math.round(durationMs),
    outcome: 'sent',
    httpStatus,
    response,
    detail: null,
    messageId,
    state: 'delivered',
    costsAttempt: true,
    finishedAt: new Date(),
    topic: null,
    ...nothingElse,
  };
}
