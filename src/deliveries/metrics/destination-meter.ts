import { idInstant } from '../../database/partitions.js';
import type { DestinationLabels } from '../../destinations/destination-labels.js';
import type { UnsentEnd } from '../sql/end-unsent.js';
import type { AttemptEnd } from '../sql/finish-attempts.js';
import type { SettledDoubt } from '../sql/settle-doubts.js';
import type { DeliveryMetrics } from './delivery-metrics.js';

const MS_PER_SECOND = 1_000;
/** Of an attempt that is on record and was not made. */
const NOT_MADE = 'interrupted';
/** Why a delivery is dead whose last attempt nobody could tell to have arrived. */
export const IN_DOUBT = 'in_doubt';

/** Counts what becomes of one destination's deliveries, when it is on record. */
export class DestinationMeter {
  /** @param labels undefined once the destination is deleted: nothing is counted for it any more */
  constructor(
    private readonly metrics: DeliveryMetrics,
    private readonly labels: () => DestinationLabels | undefined,
  ) {}

  /** Attempts that have come to something. */
  finished(ends: readonly AttemptEnd[]): void {
    const labels = this.labels();
    if (!labels) return;
    const { attempts, ended, latencySeconds, requestSeconds } = this.metrics;
    count(ends, ({ outcome, reason }) => [outcome, reason]).forEach(([outcome, reason, number]) => {
      attempts.inc({ ...labels, outcome, reason }, number);
    });
    const final = ends.filter(({ finishedAt }) => finishedAt !== null);
    count(final, ({ state, reason }) => [state, reason]).forEach(([outcome, reason, number]) => {
      ended.inc({ ...labels, outcome, reason }, number);
    });
    for (const { deliveryId, durationMs, finishedAt, reason, state } of ends) {
      if (reason !== NOT_MADE) requestSeconds.observe(labels, durationMs / MS_PER_SECOND);
      if (state === 'delivered' && finishedAt) latencySeconds.observe(labels, secondsSince(deliveryId, finishedAt));
    }
  }

  /** Deliveries that ended without an attempt. */
  endedUnsent(ends: readonly UnsentEnd[]): void {
    const labels = this.labels();
    if (!labels) return;
    count(ends, ({ state, reason }) => [state, reason]).forEach(([outcome, reason, number]) => {
      this.metrics.ended.inc({ ...labels, outcome, reason }, number);
    });
  }

  /** Attempts in doubt of which the receiver was asked. */
  settled(doubts: readonly SettledDoubt[]): void {
    const labels = this.labels();
    if (!labels) return;
    const { doubts: counter, ended, latencySeconds } = this.metrics;
    for (const { at, deliveryId, lookedUp, state } of doubts) {
      if (lookedUp === 'open') continue;
      counter.inc({ ...labels, result: lookedUp });
      if (state === 'pending') continue;
      ended.inc({ ...labels, outcome: state, reason: state === 'dead' ? IN_DOUBT : '' });
      if (state === 'delivered') latencySeconds.observe(labels, secondsSince(deliveryId, at));
    }
  }
}

/** The time that a delivery's id begins with is that of its webhook, or of the request that had it sent again. */
function secondsSince(deliveryId: string, end: Date): number {
  return Math.max(0, end.getTime() - idInstant(deliveryId).getTime()) / MS_PER_SECOND;
}

/** @returns how many items there are of each outcome and reason: a batch of hundreds has few */
function count<Item>(
  items: readonly Item[],
  describe: (item: Item) => [outcome: string, reason: string | null],
): [outcome: string, reason: string, number: number][] {
  const counts = new Map<string, [string, string, number]>();
  for (const item of items) {
    const [outcome, reason] = describe(item);
    const key = `${outcome} ${reason ?? ''}`;
    const known = counts.get(key);
    if (known) known[2] += 1;
    else counts.set(key, [outcome, reason ?? '', 1]);
  }
  return [...counts.values()];
}
