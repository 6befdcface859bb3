import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { BY_DESKWIRE } from '../changes/admin-call.js';
import { AdminTransactions } from '../changes/admin-transactions.js';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { queryableOf } from '../database/queryable-of.js';
import { Destination } from './destination.entity.js';
import { DestinationDirectory } from './destination-directory.js';
import { saveRow } from './destination-rows.js';
import type { Failing } from './failing.js';
import { cancelOfDeleted } from './sql/cancel-of-deleted.js';
import { findFailing } from './sql/find-failing.js';
import { removeFailing } from './sql/remove-failing.js';
import { saveFailing } from './sql/save-failing.js';

/** What is on record of destinations at which nothing arrives. */
@Injectable()
export class DestinationFailures {
  constructor(
    private readonly db: Database,
    private readonly transactions: AdminTransactions,
    private readonly directory: DestinationDirectory,
    private readonly clock: Clock,
  ) {}

  async find(destinationId: string): Promise<Failing | null> {
    const [failing] = await findFailing(this.db, [destinationId]);
    return failing ?? null;
  }

  save(failing: Failing): Promise<void> {
    return saveFailing(this.db, failing);
  }

  /** Something has arrived. */
  remove(destinationId: string): Promise<void> {
    return removeFailing(this.db, destinationId);
  }

  /** From now on nothing is sent to it; what waits goes on waiting. One that an admin has disabled meanwhile stays as it is. */
  async disable(failing: Failing & { disabled_because: 'gone' | 'failing' }): Promise<void> {
    const { destination_id: id, disabled_because: because } = failing;
    // Half of it would be an endpoint that is neither disabled nor ever disabled again.
    await this.transactions.run(BY_DESKWIRE, async (step) => {
      const row = await step.manager.findOne(Destination, {
        where: { id, deletedAt: IsNull(), disabledAt: IsNull() },
        lock: { mode: 'for_no_key_update' },
      });
      if (!row) return;
      await saveFailing(queryableOf(step.manager), failing);
      await saveRow(step, row, { disabledAt: this.clock.now() }, { action: 'disable', after: { because } });
    });
    await this.directory.refresh();
  }

  /** Cancels what waits for a destination, if it is deleted. */
  cancelOfDeleted(destinationId: string): Promise<void> {
    return cancelOfDeleted(this.db, destinationId, this.clock.now());
  }
}
