import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../metrics/metrics.js';
import { Retention } from './retention.js';

const MS_PER_SECOND = 1_000;

/** Whether the log is kept as short as it should be: nobody misses what is still there. */
@Injectable()
export class RetentionMetrics {
  constructor(metrics: Metrics, retention: Retention) {
    const registers = [metrics];
    const failures = new Counter({
      name: 'deskwire_retention_failures_total',
      help: 'Rounds in which this process could not see to it that the log is kept no longer than it should be.',
      registers,
    });
    const success = new Gauge({
      name: 'deskwire_retention_last_success_timestamp_seconds',
      help: 'When this process last went through such a round, in Unix time. One process at a time does: take the max.',
      registers,
    });
    // Not 1970, where it has not been this process’s turn.
    success.remove();
    retention.onSuccess = (at) => {
      success.set(at.getTime() / MS_PER_SECOND);
    };
    retention.onFailure = () => {
      failures.inc();
    };
  }
}
