import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { DestinationDirectory } from './destination-directory.js';
import type { Failing } from './failing.js';
import { cancelOfDeleted } from './sql/cancel-of-deleted.js';
import { findFailing } from './sql/find-failing.js';
import { removeFailing } from './sql/remove-failing.js';
import { saveFailing } from './sql/save-failing.js';
import { setDisabled } from './sql/set-disabled.js';

/** What is on record of destinations at which nothing arrives. */
@Injectable()
export class DestinationFailures {
  constructor(
    private readonly db: Database,
    private readonly directory: DestinationDirectory,
    private readonly clock: Clock,
  ) {}

  async find(destinationId: string): Promise<Failing | null> {
    const [failing] = await findFailing(this.db, [destinationId]);
    return failing ?? null;
  }

  list(destinationIds: readonly string[]): Promise<Failing[]> {
    return findFailing(this.db, destinationIds);
  }

  save(failing: Failing): Promise<void> {
    return saveFailing(this.db, failing);
  }

  /** Something has arrived. */
  remove(destinationId: string): Promise<void> {
    return removeFailing(this.db, destinationId);
  }

  /** From now on nothing is sent to it; what waits goes on waiting. */
  async disable(failing: Failing & { disabled_because: 'gone' | 'failing' }): Promise<void> {
    // Half of it would be an endpoint that is neither disabled nor ever disabled again.
    await this.db.transaction(async (db) => {
      await saveFailing(db, failing);
      await setDisabled(db, failing.destination_id, this.clock.now());
    });
    await this.directory.refresh();
  }

  /** What waits for it may go; that it failed is forgotten. */
  async enable(destinationId: string): Promise<void> {
    await this.db.transaction(async (db) => {
      await removeFailing(db, destinationId);
      await setDisabled(db, destinationId, null);
    });
    await this.directory.refresh();
  }

  /** Cancels what waits for a destination, if it is deleted. */
  cancelOfDeleted(destinationId: string): Promise<void> {
    return cancelOfDeleted(this.db, destinationId, this.clock.now());
  }
}
