import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { Metrics } from '../../metrics/metrics.js';
import { WebhookWriter } from '../webhook-writer.js';

/** Webhooks; a batch has 256 at most. */
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/** Seconds; a statement is given up after fifteen. */
const COMMIT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

const MS_PER_SECOND = 1_000;

/** What the queue before the database holds, and how commits go. */
@Injectable()
export class IntakeMetrics {
  constructor(metrics: Metrics, writer: WebhookWriter) {
    const registers = [metrics];
    const gauge = (name: string, help: string, read: () => number): void => {
      const collect = function (this: Gauge): void {
        this.set(read());
      };
      new Gauge({ name, help, registers, collect });
    };
    gauge('deskwire_intake_queue_webhooks', 'Webhooks that wait to be committed.', () => writer.depth.webhooks);
    gauge('deskwire_intake_queue_bytes', 'Bytes of the bodies that wait to be committed.', () => writer.depth.bytes);
    gauge(
      'deskwire_intake_queue_fill_ratio',
      'How full the intake queue is, by number or by bytes; at 1, webhooks are answered with 503.',
      () => writer.depth.fill,
    );
    const sizes = new Histogram({
      name: 'deskwire_commit_batch_webhooks',
      help: 'Webhooks that were written in one commit.',
      buckets: BATCH_SIZES,
      registers,
    });
    const seconds = new Histogram({
      name: 'deskwire_commit_duration_seconds',
      help: 'How long the commit of a batch of webhooks took.',
      buckets: COMMIT_SECONDS,
      registers,
    });
    const failures = new Counter({
      name: 'deskwire_commit_failures_total',
      help: 'Batches of webhooks that could not be written as they were.',
      registers,
    });
    writer.onCommit = (webhooks, ms) => {
      sizes.observe(webhooks);
      seconds.observe(ms / MS_PER_SECOND);
    };
    writer.onFailure = () => {
      failures.inc();
    };
  }
}
