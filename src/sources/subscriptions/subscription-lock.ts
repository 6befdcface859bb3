import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../../http/problem.js';
import { trySubscriptionLock } from '../sql/try-subscription-lock.js';

/** Who holds a lock has one of the connections for admins, and works by another. */
const MOST_AT_ONCE = 2;

/**
 * Lets one request at a time change a source's registrations, over all processes: two at once would register everything
 * twice. The lock is a transaction's, so that it holds behind a pooler too; what the work writes, by other connections, is
 * committed as it goes.
 */
@Injectable()
export class SubscriptionLock {
  private held = 0;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws Problem 409 `busy` */
  async hold<Result>(sourceId: string, work: () => Promise<Result>): Promise<Result> {
    if (this.held >= MOST_AT_ONCE) throw busy('of other sources');
    this.held += 1;
    try {
      return await this.dataSource.transaction(async (manager) => {
        if (!(await trySubscriptionLock(manager, sourceId))) throw busy('of this source');
        return work();
      });
    } finally {
      this.held -= 1;
    }
  }
}

function busy(whose: string): Problem {
  const detail = `Subscriptions ${whose} are being changed by another request: try again when it is done.`;
  return new Problem(409, 'busy', detail);
}
