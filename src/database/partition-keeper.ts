import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Rounds } from '../clock/rounds.js';
import { ensurePartitions } from './ensure-partitions.js';

/** One look at the catalogue. Partitions reach three months ahead, so what cannot be had now can wait for the next. */
const ROUND_MS = 600_000;

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
    const runner = this.dataSource.createQueryRunner();
    try {
      const missing = await ensurePartitions(runner, this.clock.now());
      if (missing.length > 0) {
        const names = missing.map(({ name }) => name).join(', ');
        this.logger.warn(`${names}: something holds the table; tried again in ten minutes`);
      }
    } catch (error) {
      this.logger.error({ err: error }, 'partitions could not be made; tried again in ten minutes');
    } finally {
      await runner.release();
    }
  }
}
