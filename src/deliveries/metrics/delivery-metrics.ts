import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { Environment } from '../../config/environment.js';
import { DestinationDirectory } from '../../destinations/destination-directory.js';
import type { DestinationLabels } from '../../destinations/destination-labels.js';
import { Metrics } from '../../metrics/metrics.js';
import { FAILURE_REASONS } from '../../notifiers/notifier.js';
import { DestinationMeter, IN_DOUBT } from './destination-meter.js';

/** Seconds; a request is given up after eight. */
const REQUEST_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8];
/** Seconds: from what nobody notices to a day's outage. */
const LATENCY_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];

/** Whoever may not read, or could not, may have sent something twice. */
const DOUBTS_TO_TELL = ['not_allowed', 'failed'];

/** State and reason of what an admin has cancelled. */
const CANCELLED = 'cancelled';

type OfDestination = keyof DestinationLabels;

/**
 * What this process delivers, by destination. Destinations that are deleted or renamed are forgotten under the name that
 * they had, so that there are never more series than there are destinations.
 */
@Injectable()
export class DeliveryMetrics {
  readonly attempts: Counter<OfDestination | 'outcome' | 'reason'>;
  readonly requestSeconds: Histogram<OfDestination>;
  readonly ended: Counter<OfDestination | 'outcome' | 'reason'>;
  readonly latencySeconds: Histogram<OfDestination>;
  readonly doubts: Counter<OfDestination | 'result'>;

  constructor(
    metrics: Metrics,
    private readonly directory: DestinationDirectory,
    { ROLE: role }: Environment,
  ) {
    const registers = [metrics];
    this.attempts = new Counter({
      name: 'deskwire_delivery_attempts_total',
      help: 'Tries at deliveries. outcome: sent, retry or rejected; reason: why it was not sent.',
      labelNames: ['destination', 'kind', 'outcome', 'reason'],
      registers,
    });
    this.requestSeconds = new Histogram({
      name: 'deskwire_delivery_attempt_duration_seconds',
      help: 'How long tries at deliveries took, the receiver’s answer included.',
      labelNames: ['destination', 'kind'],
      buckets: REQUEST_SECONDS,
      registers,
    });
    this.ended = new Counter({
      name: 'deskwire_deliveries_ended_total',
      help: 'Deliveries that have ended. outcome: delivered, dead, skipped or cancelled; reason: why not delivered.',
      labelNames: ['destination', 'kind', 'outcome', 'reason'],
      registers,
    });
    this.latencySeconds = new Histogram({
      name: 'deskwire_delivery_latency_seconds',
      help: 'From the acceptance of a webhook to the receiver’s answer that its message has arrived.',
      labelNames: ['destination', 'kind'],
      buckets: LATENCY_SECONDS,
      registers,
    });
    this.doubts = new Counter({
      name: 'deskwire_doubts_settled_total',
      help: 'Deliveries of which it was not known whether they had arrived. result: found, absent, not_allowed, failed.',
      labelNames: ['destination', 'kind', 'result'],
      registers,
    });
    directory.onChange(() => {
      // A process that delivers nothing counts what its admins cancel, and nothing that anybody is told of.
      if (role !== 'api') for (const labels of directory.allLabels()) this.begin(labels);
      void this.forgetOthers();
    });
  }

  /** Deliveries that an admin has cancelled, by destination, once that is committed. */
  cancelled(counts: ReadonlyMap<string, number>): void {
    for (const [destinationId, count] of counts) {
      const labels = this.directory.labelsOf(destinationId);
      if (labels) this.ended.inc({ ...labels, outcome: CANCELLED, reason: CANCELLED }, count);
    }
  }

  /** What counts for one destination. */
  of(destinationId: string): DestinationMeter {
    return new DestinationMeter(this, () => this.directory.labelsOf(destinationId));
  }

  /** Counts from 0 what an operator is told of, so that the first one is seen as an increase. */
  private begin(labels: DestinationLabels): void {
    this.ended.inc({ ...labels, outcome: 'delivered', reason: '' }, 0);
    for (const reason of [...FAILURE_REASONS, IN_DOUBT]) this.ended.inc({ ...labels, outcome: 'dead', reason }, 0);
    for (const result of DOUBTS_TO_TELL) this.doubts.inc({ ...labels, result }, 0);
    this.attempts.inc({ ...labels, outcome: 'retry', reason: 'rate_limited' }, 0);
  }

  private async forgetOthers(): Promise<void> {
    const known = new Set([...this.directory.allLabels()].map(keyOf));
    for (const metric of [this.attempts, this.requestSeconds, this.ended, this.latencySeconds, this.doubts]) {
      const { values } = await metric.get();
      for (const { labels } of values) {
        if (known.has(keyOf(labels as Partial<DestinationLabels>))) continue;
        // Of a histogram each line has its bucket as well.
        const { le: _bucket, ...own } = labels as Record<string, string>;
        (metric as Counter).remove(own);
      }
    }
  }
}

function keyOf({ destination, kind }: Partial<DestinationLabels>): string {
  return JSON.stringify([destination, kind]);
}
