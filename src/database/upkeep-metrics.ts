import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../metrics/metrics.js';
import { AuditDatabase } from './audit-database.js';
import { Notifications } from './notifications.js';
import { PartitionKeeper } from './partition-keeper.js';
import { REPLICA_STATES } from './replica.js';

/** What keeps the database in order, and this process in touch with it, without anybody noticing until it does not. */
@Injectable()
export class UpkeepMetrics {
  constructor(metrics: Metrics, notifications: Notifications, keeper: PartitionKeeper, audit: AuditDatabase) {
    const registers = [metrics];
    new Gauge({
      name: 'deskwire_notifications_connected',
      help: 'Whether the connection stands over which this process hears what others change.',
      registers,
      collect() {
        this.set(notifications.isConnected ? 1 : 0);
      },
    });
    new Gauge({
      name: 'deskwire_partitions_ahead_months',
      help: 'Months after this one that every table of the log has a partition for. Looked at every ten minutes.',
      registers,
      collect() {
        const { monthsAhead } = keeper;
        if (monthsAhead === undefined) this.remove();
        else this.set(monthsAhead);
      },
    });
    new Gauge({
      name: 'deskwire_replica_state',
      help: 'What is known of the replica that auditors’ questions go to: 1 for its state. Absent where there is none.',
      labelNames: ['state'],
      registers,
      collect() {
        const current = audit.replicaStatus?.state;
        if (current === undefined) return;
        for (const state of REPLICA_STATES) this.set({ state }, state === current ? 1 : 0);
      },
    });
  }
}
