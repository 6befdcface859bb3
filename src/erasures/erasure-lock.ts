import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../http/problem.js';

/** The number tells it from other locks. */
const ERASURE_LOCK = 2_342_108_152;

/** Lets one erasure at a time be under way, in all processes together. */
@Injectable()
export class ErasureLock {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Does something while nobody else does. The lock is a transaction's, so that it also holds through a pooler; nothing is
   * done in it, so that it keeps nobody waiting.
   *
   * @throws Problem 409 `in_progress`; whatever `work` throws
   */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const [row] = (await runner.query('select pg_try_advisory_xact_lock($1) as mine', [ERASURE_LOCK])) as {
        mine: boolean;
      }[];
      if (row?.mine !== true) {
        throw new Problem(409, 'in_progress', 'Another erasure is under way: ask again when it is done.');
      }
      return await work();
    } finally {
      // A connection that was lost has nothing to give back.
      await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  }
}
