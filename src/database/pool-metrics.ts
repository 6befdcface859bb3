import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { Metrics } from '../metrics/metrics.js';
import { AuditDatabase } from './audit-database.js';
import { Database } from './database.js';
import { type PoolUse, poolUse } from './pool-use.js';

type PoolGauge = Gauge<'pool' | 'state'>;

/**
 * How much of this process's connections to the database is in use. `hot`: webhooks and deliveries; `admin`: what admins
 * manage; `audit`: questions about the log; `replica`: the same, where a replica answers them.
 */
@Injectable()
export class PoolMetrics {
  constructor(
    private readonly metrics: Metrics,
    private readonly hot: Database,
    private readonly audit: AuditDatabase,
    private readonly admin: DataSource,
  ) {
    this.gauge('limit_connections', 'Connections that a pool may have at most.', (gauge, pool, { limit }) => {
      gauge.set({ pool }, limit);
    });
    this.gauge('connections', 'Connections to the database that stand.', (gauge, pool, { busy, idle }) => {
      gauge.set({ pool, state: 'busy' }, busy);
      gauge.set({ pool, state: 'idle' }, idle);
    });
    this.gauge('waiting_requests', 'What waits for a connection to the database.', (gauge, pool, { waiting }) => {
      gauge.set({ pool }, waiting);
    });
  }

  private gauge(name: string, help: string, tell: (gauge: PoolGauge, pool: string, use: PoolUse) => void): void {
    const pools = (): [string, PoolUse][] => this.pools();
    new Gauge({
      name: `deskwire_database_pool_${name}`,
      help,
      labelNames: ['pool', 'state'],
      registers: [this.metrics],
      collect() {
        for (const [pool, use] of pools()) tell(this, pool, use);
      },
    });
  }

  private pools(): [string, PoolUse][] {
    const { replicaUse } = this.audit;
    return [
      ['hot', this.hot.use],
      ['audit', this.audit.use],
      // TypeORM gives its pool out as it is, without a type: https://typeorm.io/docs/data-source/data-source-api
      ['admin', poolUse((this.admin.driver as unknown as { master: Pool }).master)],
      ...(replicaUse ? [['replica', replicaUse] as [string, PoolUse]] : []),
    ];
  }
}
