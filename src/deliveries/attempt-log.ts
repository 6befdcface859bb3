import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { Database } from '../database/database.js';
import { DatabaseUnavailableError } from '../database/database-unavailable.js';
import { BatchWriter } from './batch-writer.js';
import type { Lease } from './leases/lease.js';
import type { DestinationMeter } from './metrics/destination-meter.js';
import { type AttemptStart, beginAttempts } from './sql/begin-attempts.js';
import { endUnsent, type UnsentEnd } from './sql/end-unsent.js';
import { type AttemptEnd, finishAttempts } from './sql/finish-attempts.js';

const RETRY_WRITE_MS = 500;

/** Writes down the attempts of one destination, before and after, those of the same moment in one commit. */
export class AttemptLog {
  private readonly logger = new Logger('deliveries');
  private readonly begins: BatchWriter<AttemptStart[], boolean[]>;
  private readonly ends: BatchWriter<AttemptEnd[], undefined>;
  private readonly unsent: BatchWriter<UnsentEnd, undefined>;
  private closed = false;

  constructor(
    db: Database,
    private readonly clock: Clock,
    lease: Lease,
    meter: DestinationMeter,
  ) {
    this.begins = new BatchWriter(async (parcels) => {
      const begun = await beginAttempts(db, lease, parcels.flat());
      return parcels.map((parcel) => begun.splice(0, parcel.length));
    });
    this.ends = new BatchWriter(async (parcels) => {
      const finished = parcels.flat();
      await finishAttempts(db, lease.destinationId, finished);
      meter.finished(finished);
      return parcels.map(() => undefined);
    });
    this.unsent = new BatchWriter(async (ends) => {
      await endUnsent(db, lease, ends);
      meter.endedUnsent(ends);
      return ends.map(() => undefined);
    });
  }

  /**
   * Records the attempts of one message, before it is sent.
   *
   * @returns for each whether its delivery may be sent
   * @throws LeaseLostError, DatabaseUnavailableError; in both cases nothing may be sent
   */
  begin(starts: AttemptStart[]): Promise<boolean[]> {
    return this.begins.write(starts);
  }

  /**
   * Records outcomes. They are known to nobody else, so while the database is away this waits for it; if the process
   * ends first, the attempts count as interrupted.
   */
  async finish(ends: AttemptEnd[]): Promise<void> {
    for (;;) {
      try {
        await this.ends.write(ends);
        return;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError) || this.closed) throw error;
        this.logger.warn({ deliveries: ends.length }, 'outcomes wait for the database');
        await new Promise<void>((resolve) => this.clock.after(RETRY_WRITE_MS, resolve));
      }
    }
  }

  /** Records that a delivery ends without an attempt. */
  async endUnsent(end: UnsentEnd): Promise<void> {
    await this.unsent.write(end);
  }

  /** From now on an outcome that cannot be written is given up. */
  close(): void {
    this.closed = true;
  }
}
