import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { Database } from '../database/database.js';
import type { LeaseKeeper } from './leases/lease-keeper.js';
import { cancelLeftBehind } from './sql/cancel-left-behind.js';
import { findLeftBehind } from './sql/find-left-behind.js';

/** Nobody waits for it, and destinations that were deleted once are many one day. */
const LOOK_MS = 10_000;

/**
 * Cancels what still waits for destinations that are deleted. Whoever works for one does so itself; this is for what a
 * crash has left, since nobody begins to work for a destination that is gone.
 */
export class LeftBehind {
  private readonly logger = new Logger('dispatcher');
  private lookedAt = -Infinity;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly leases: LeaseKeeper,
  ) {}

  /** Cheap: most calls do nothing. @param isOurs whether this process works for a destination, or is about to */
  async cancel(isOurs: (destinationId: string) => boolean): Promise<void> {
    if (this.clock.steady() - this.lookedAt < LOOK_MS) return;
    let isDone = true;
    for (const id of await findLeftBehind(this.db)) {
      if (isOurs(id) || !(await this.cancelOf(id))) isDone = false;
    }
    if (isDone) this.lookedAt = this.clock.steady();
  }

  /** Under the lease: another process may have something in the air. @returns false while one has it */
  private async cancelOf(destinationId: string): Promise<boolean> {
    const lease = await this.leases.acquire(destinationId);
    if (!lease) return false;
    try {
      const count = await cancelLeftBehind(this.db, lease, this.clock.now());
      this.logger.log({ destination_id: destinationId, deliveries: count }, 'cancelled: the destination is deleted');
      return true;
    } finally {
      await this.leases.release([lease]);
    }
  }
}
