import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { within } from '../../clock/within.js';
import { Database } from '../../database/database.js';
import { type DestinationState, selectDestinationStates } from '../sql/select-destination-states.js';

/** However many ask, and however often. */
const KEPT_MS = 5_000;
/** A process takes a twentieth of the database's time at most. Measured: 4 ms where nothing waits, 0.8 s for a million. */
const REST = 20;
/** Whoever asks is answered by what is known, if a reading takes longer: Prometheus waits ten seconds for all there is. */
const LONGEST_WAIT_MS = 2_000;

/**
 * How the destinations are, read from the database at most every five seconds, and the less often the longer it takes: many
 * processes may be asked at the same moment, and each of them reads for itself.
 */
@Injectable()
export class DestinationReadings {
  private readonly logger = new Logger('metrics');
  private states: readonly DestinationState[] = [];
  /** By the steady clock. */
  private readAt: number;
  private nextAt = 0;
  private reading: Promise<void> | undefined;
  private isFailing = false;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.readAt = clock.steady();
  }

  /** @returns what is known, read anew if that is old; while the database is away, what it was last */
  async current(): Promise<readonly DestinationState[]> {
    if (this.clock.steady() >= this.nextAt) this.reading ??= this.read();
    if (this.reading) await within(this.clock, LONGEST_WAIT_MS, this.reading);
    return this.states;
  }

  /** For how many milliseconds nothing could be read; from the start of the process where nothing ever could. */
  get ageMs(): number {
    return this.clock.steady() - this.readAt;
  }

  private async read(): Promise<void> {
    const began = this.clock.steady();
    try {
      this.states = await this.db.transaction(selectDestinationStates);
      this.readAt = began;
      this.isFailing = false;
    } catch (error) {
      // Once is enough: how long it lasts is a metric.
      if (!this.isFailing) this.logger.warn({ err: error }, 'what waits could not be read');
      this.isFailing = true;
    } finally {
      const now = this.clock.steady();
      this.nextAt = now + Math.max(KEPT_MS, (now - began) * REST);
      this.reading = undefined;
    }
  }
}
