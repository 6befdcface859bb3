import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Rounds } from '../clock/rounds.js';
import { ensurePartitions, MONTHS_AHEAD } from './ensure-partitions.js';
import { monthAt } from './partitions.js';

/** One look at the catalogue. Partitions reach three months ahead, so what cannot be had now can wait for the next. */
const ROUND_MS = 600_000;

/** Makes the partitions of the months to come while the process runs. */
@Injectable()
export class PartitionKeeper {
  private readonly logger = new Logger('partitions');
  private readonly rounds: Rounds;
  /** The first month that a table has no partition for; undefined before the first look. */
  private reach: Date | undefined;

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

  /**
   * Months after this one that every table has a partition for; undefined before the first look. By the clock, so that it
   * falls where no look succeeds any more.
   */
  get monthsAhead(): number | undefined {
    if (!this.reach) return undefined;
    const now = this.clock.now();
    const years = this.reach.getUTCFullYear() - now.getUTCFullYear();
    return Math.max(years * 12 + this.reach.getUTCMonth() - now.getUTCMonth() - 1, 0);
  }

  private async round(): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const now = this.clock.now();
      const missing = await ensurePartitions(runner, now);
      const months = missing.map(({ month }) => month.getTime()).filter((month) => month >= monthAt(now, 0).getTime());
      this.reach = new Date(Math.min(...months, monthAt(now, MONTHS_AHEAD + 1).getTime()));
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
