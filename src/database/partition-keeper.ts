import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Rounds } from '../clock/rounds.js';
import { ensurePartitions, MIGRATION_LOCK } from './partitions.js';

/** Partitions reach three months ahead, so a missed day or week is no harm. */
const ROUND_MS = 86_400_000;

/** Makes the partitions of the months to come while the process runs. */
@Injectable()
export class PartitionKeeper {
  private readonly logger = new Logger('partitions');
  private readonly rounds: Rounds;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {
    this.rounds = new Rounds(clock, ROUND_MS, () => this.round());
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async round(): Promise<void> {
    try {
      const now = this.clock.now();
      await this.dataSource.transaction(async (manager) => {
        await manager.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
        await ensurePartitions(manager, now);
      });
    } catch (error) {
      this.logger.error({ err: error }, 'partitions could not be made; tried again tomorrow');
    }
  }
}
