import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Clock } from '../../clock/clock.js';
import { Metrics } from '../../metrics/metrics.js';
import type { DestinationState } from '../sql/select-destination-states.js';
import { DestinationReadings } from './destination-readings.js';

const MS_PER_SECOND = 1_000;
/** What all callers of the ticket desk are called together. */
const SUBSCRIBERS = { destination: 'subscribers', kind: 'subscriber' };

/** What waits and what is paused, in all of the installation: each process tells the same. */
@Injectable()
export class DestinationMetrics {
  private readonly backlog: Gauge<'destination' | 'kind' | 'state'>;
  private readonly oldest: Gauge<'destination' | 'kind'>;
  private readonly pauses: Gauge<'destination' | 'kind' | 'reason'>;
  private readonly disabled: Gauge<'destination' | 'kind'>;

  constructor(
    metrics: Metrics,
    readings: DestinationReadings,
    private readonly clock: Clock,
  ) {
    const registers = [metrics];
    this.backlog = new Gauge({
      name: 'deskwire_backlog_deliveries',
      help: 'Deliveries that have not ended. state: pending or sending. Every process tells the same: take the max.',
      labelNames: ['destination', 'kind', 'state'],
      registers,
    });
    this.oldest = new Gauge({
      name: 'deskwire_backlog_oldest_age_seconds',
      help: 'Age of the oldest delivery that is pending; 0 where none is. Every process tells the same: take the max.',
      labelNames: ['destination', 'kind'],
      registers,
    });
    this.pauses = new Gauge({
      name: 'deskwire_destination_pauses',
      help: 'Pauses, of a whole destination or of a channel. reason: auth, not_found, unreachable; paused: by an admin.',
      labelNames: ['destination', 'kind', 'reason'],
      registers,
    });
    this.disabled = new Gauge({
      name: 'deskwire_destination_disabled',
      help: 'Whether a destination is disabled; of subscribers, how many are. What waits for it is kept.',
      labelNames: ['destination', 'kind'],
      registers,
    });
    const age = new Gauge({
      name: 'deskwire_backlog_reading_age_seconds',
      help: 'How old is what is told of backlogs and pauses: it grows while the database cannot be asked.',
      registers,
    });
    metrics.readBefore(async () => {
      this.tell(await readings.current());
      age.set(readings.ageMs / MS_PER_SECOND);
    });
  }

  private tell(states: readonly DestinationState[]): void {
    // What is gone, or paused no longer, is not told any more.
    for (const gauge of [this.backlog, this.oldest, this.pauses, this.disabled]) gauge.reset();
    for (const { name, kind, disabled, oldest_pending_at: at, pauses, pending, sending } of states) {
      const labels = name === null ? SUBSCRIBERS : { destination: name, kind };
      this.backlog.set({ ...labels, state: 'pending' }, pending);
      this.backlog.set({ ...labels, state: 'sending' }, sending);
      this.oldest.set(labels, at ? Math.max(0, this.clock.now().getTime() - at.getTime()) / MS_PER_SECOND : 0);
      this.disabled.set(labels, disabled);
      for (const [reason, number] of Object.entries(pauses ?? {})) this.pauses.set({ ...labels, reason }, number);
    }
  }
}
