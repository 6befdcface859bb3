import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../metrics/metrics.js';
import { isReady, Readiness } from './readiness.js';

/** What probes are told, for whoever wants to be woken by it. */
@Injectable()
export class HealthMetrics {
  constructor(metrics: Metrics, readiness: Readiness) {
    const registers = [metrics];
    const ready = new Gauge({
      name: 'deskwire_ready',
      help: 'What /health/ready answers: 1 for 200, 0 for 503.',
      registers,
    });
    const each = new Gauge({
      name: 'deskwire_health_check',
      help: 'What /health/ready looks at, 1 where it is well. check: process, database, migrations, queue or leases.',
      labelNames: ['check'],
      registers,
    });
    metrics.readBefore(async () => {
      const checks = await readiness.check();
      ready.set(isReady(checks) ? 1 : 0);
      for (const [check, { ok }] of Object.entries(checks)) each.set({ check }, ok ? 1 : 0);
    });
  }
}
