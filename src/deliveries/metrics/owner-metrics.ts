import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { DestinationDirectory } from '../../destinations/destination-directory.js';
import type { DestinationLabels } from '../../destinations/destination-labels.js';
import { Metrics } from '../../metrics/metrics.js';
import { Dispatcher } from '../dispatcher.js';
import { LeaseKeeper } from '../leases/lease-keeper.js';

const MS_PER_SECOND = 1_000;

interface WorkedFor {
  labels: DestinationLabels;
  budget: { limit: number; left: number };
}

/** Which destinations this process sends to, and what it may still send them. */
@Injectable()
export class OwnerMetrics {
  constructor(
    private readonly metrics: Metrics,
    private readonly dispatcher: Dispatcher,
    private readonly directory: DestinationDirectory,
    leases: LeaseKeeper,
  ) {
    this.gauge('deskwire_leases_held', 'Destinations that this process sends to, and no other.', () => 1);
    this.gauge(
      'deskwire_rate_budget_limit_requests',
      'Requests a minute that are meant for a destination: its server’s limit less a reserve, or its own lower one.',
      ({ budget }) => budget.limit,
    );
    this.gauge(
      'deskwire_rate_budget_left_requests',
      'How many of them are left for this minute; 0 while the server refuses any.',
      ({ budget }) => (budget.limit === Infinity ? Infinity : budget.left),
    );
    const registers = [metrics];
    new Counter({
      name: 'deskwire_leases_lost_total',
      help: 'Destinations that another process has taken over from this one, which had stood still for too long.',
      registers,
      collect() {
        this.reset();
        this.inc(leases.lost);
      },
    });
    new Gauge({
      name: 'deskwire_lease_heartbeat_age_seconds',
      help: 'Since when no heartbeat of this process’s leases was answered; 0 where it makes none.',
      registers,
      collect() {
        this.set((leases.heartbeatAgeMs ?? 0) / MS_PER_SECOND);
      },
    });
  }

  /** @param read what is added up where several destinations are one; Infinity is left out: there is nothing to tell */
  private gauge(name: string, help: string, read: (each: WorkedFor) => number): void {
    const workedFor = (): WorkedFor[] => this.workedFor();
    new Gauge({
      name,
      help,
      labelNames: ['destination', 'kind'],
      registers: [this.metrics],
      collect() {
        this.reset();
        for (const each of workedFor()) {
          const value = read(each);
          if (value !== Infinity) this.inc(each.labels, value);
        }
      },
    });
  }

  private workedFor(): WorkedFor[] {
    return [...this.dispatcher.workedFor()].flatMap(({ destinationId, budget }) => {
      const labels = this.directory.labelsOf(destinationId);
      return labels ? [{ labels, budget }] : [];
    });
  }
}
