import type { MigrationInterface, QueryRunner } from 'typeorm';
import { alterLog } from './alter-log.js';

/**
 * Which trace a delivery belongs to, in the words of W3C Trace Context (https://www.w3.org/TR/trace-context/#traceparent-header);
 * null where nothing is traced. Only adds: the version before can run beside it.
 */
export class KeepTraceContext1796200000000 implements MigrationInterface {
  name = 'KeepTraceContext1796200000000';
  /** The lock is asked for again and again. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await alterLog(runner, 'alter table deliveries add column if not exists traceparent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await alterLog(runner, 'alter table deliveries drop column if exists traceparent');
  }
}
