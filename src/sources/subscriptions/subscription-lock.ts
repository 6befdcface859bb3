import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../../http/problem.js';

const LOCK = 4_815_162_344;

/**
 * Lets one request at a time change registrations, over all processes: two at once would register everything twice. The
 * lock is a transaction's, so that it holds behind a pooler too; what the work writes, by other connections, is committed
 * as it goes. One for all sources: each takes a second connection of the few that admins have.
 */
@Injectable()
export class SubscriptionLock {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws Problem 409 `busy` */
  async hold<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.dataSource.transaction(async (manager) => {
      const rows: { is_ours: boolean }[] = await manager.query('select pg_try_advisory_xact_lock($1) as is_ours', [
        LOCK,
      ]);
      if (rows[0]?.is_ours === true) return work();
      throw new Problem(409, 'busy', 'Subscriptions are being changed by another request: try again when it is done.');
    });
  }
}
