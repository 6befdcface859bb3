import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import { Metrics } from '../metrics/metrics.js';
import { RouteTable } from '../routes/route-table.js';
import { SourceDirectory } from '../sources/source-directory.js';

const MS_PER_SECOND = 1_000;

/** Whether this process knows what admins manage: what of it cannot be read, and since when a change could not be. */
@Injectable()
export class SnapshotMetrics {
  constructor(metrics: Metrics, routes: RouteTable, destinations: DestinationDirectory, sources: SourceDirectory) {
    const registers = [metrics];
    new Gauge({
      name: 'deskwire_secrets_unreadable',
      help: 'Enabled sources or destinations whose secrets this process cannot decrypt. kind: source or destination.',
      labelNames: ['kind'],
      registers,
      collect() {
        for (const { unreadable } of [sources, destinations]) this.set({ kind: unreadable.kind }, unreadable.size);
      },
    });
    new Gauge({
      name: 'deskwire_snapshot_stale_seconds',
      help: 'Since when a change of what admins manage could not be read; 0 where this process knows them all.',
      registers,
      collect() {
        this.set(Math.max(...[routes, destinations, sources].map(({ staleMs }) => staleMs)) / MS_PER_SECOND);
      },
    });
  }
}
