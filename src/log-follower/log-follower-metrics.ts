import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../metrics/metrics.js';
import { LogFollower } from './log-follower.js';

/** How far searches and counts are behind, which nobody sees: questions look at the rest themselves, at a price. */
@Injectable()
export class LogFollowerMetrics {
  constructor(metrics: Metrics, follower: LogFollower) {
    new Gauge({
      name: 'deskwire_log_follower_lag_seconds',
      help: 'How old the oldest rows are that are not yet indexed by their words or counted, as this process last saw it. Take the min.',
      registers: [metrics],
      collect() {
        const { lagSeconds } = follower;
        if (lagSeconds === undefined) this.remove();
        else this.set(lagSeconds);
      },
    });
  }
}
