import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Rounds } from '../clock/rounds.js';
import { Database, type Queryable } from '../database/database.js';
import { errorCode } from '../database/error-code.js';
import { lowestId, monthAt, timeOf } from '../database/partitions.js';
import { followDeliveries } from './sql/follow-deliveries.js';
import { followEvents } from './sql/follow-events.js';
import { lockMark } from './sql/lock-mark.js';
import { moveMark } from './sql/move-mark.js';
import { selectFirstId } from './sql/select-first-id.js';
import type { Followed, Stretch } from './sql/stretch.js';

const ROUND_MS = 1_000;
/** A batch takes some 40 ms of the database: at most a tenth of two cores is taken from those who store webhooks. */
const BATCH_ROWS = 1_000;
const MOST_BATCHES = 2;
/** Ids are given before the commit, by clocks that differ: so old, a row is there, or late. */
const SETTLED_MS = 15_000;
/** Now and then it is looked again for what came later than that. */
const LOOK_AGAIN_MS = 600_000;
const LATEST_MS = 900_000;

const MS_PER_SECOND = 1_000;

/** check_violation, which is what a row gets that no partition is for. */
const NO_PARTITION = '23514';

const FOLLOWERS: Readonly<Record<string, (db: Queryable, stretch: Stretch) => Promise<Followed>>> = {
  event_words: followEvents,
  delivery_words: followDeliveries,
};

/**
 * Follows the log at a distance: makes what has come findable by its words, and counts it. In any process; one at a time
 * does it, for its lock. Questions look at what it has not reached yet themselves, so nobody depends on its haste.
 */
@Injectable()
export class LogFollower {
  private readonly logger = new Logger('log-follower');
  private readonly rounds: Rounds;
  private lookedAgainAt: number;
  /** Up to when each table has been followed, as this process last saw it. */
  private readonly reached = new Map<string, Date>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.rounds = new Rounds(clock, ROUND_MS, () => this.round());
    this.lookedAgainAt = clock.steady();
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** How old what has not been followed yet may be; undefined before the first look. */
  get lagSeconds(): number | undefined {
    if (this.reached.size === 0) return undefined;
    const oldest = Math.min(...[...this.reached.values()].map((reached) => reached.getTime()));
    return (this.clock.now().getTime() - oldest) / MS_PER_SECOND;
  }

  private async round(): Promise<void> {
    try {
      const looksAgain = this.clock.steady() - this.lookedAgainAt >= LOOK_AGAIN_MS;
      for (const name of Object.keys(FOLLOWERS)) {
        await this.catchUp(name);
        if (looksAgain) await this.lookAgain(name);
      }
      if (looksAgain) this.lookedAgainAt = this.clock.steady();
    } catch (error) {
      this.logger.warn({ err: error }, 'the log could not be followed; it is tried again');
    }
  }

  private async catchUp(name: string): Promise<void> {
    const before = lowestId(new Date(this.clock.now().getTime() - SETTLED_MS));
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      if (!(await this.followBatch(name, before).catch((error: unknown) => this.passForgotten(name, error)))) return;
    }
  }

  /** @returns whether there is more */
  private async followBatch(name: string, before: string): Promise<boolean> {
    const { mark, isFull } = await this.db.transaction(async (db) => {
      const from = await lockMark(db, name);
      if (from !== undefined) this.reached.set(name, timeOf(from));
      if (from === undefined || from >= before) return { mark: from, isFull: false };
      const { count, last } = await this.follow(name, db, { from, before, limit: BATCH_ROWS });
      const isFull = count === BATCH_ROWS && last !== null;
      const mark = isFull ? last : before;
      await moveMark(db, name, mark);
      return { mark, isFull };
    });
    if (mark !== undefined) this.reached.set(name, timeOf(mark));
    return isFull;
  }

  /**
   * Retention has dropped the words of a month that a very late follower has come to, and the month itself goes next: it
   * is passed over.
   */
  private async passForgotten(name: string, error: unknown): Promise<boolean> {
    if (errorCode(error) !== NO_PARTITION) throw error;
    return this.db.transaction(async (db) => {
      const from = await lockMark(db, name);
      const first = from === undefined ? undefined : await selectFirstId(db, name, from);
      if (first === undefined) return false;
      const until = monthAt(timeOf(first), 1);
      // This month's words cannot have been dropped for their age: something else is wrong.
      if (until > this.clock.now()) throw error;
      this.logger.warn({ table: name, until }, 'a month whose removal has begun is not searched any more');
      await moveMark(db, name, lowestId(until));
      return true;
    });
  }

  /** What is known by now is passed over. */
  private async lookAgain(name: string): Promise<void> {
    let from: string | undefined = lowestId(new Date(this.clock.now().getTime() - LATEST_MS));
    while (from !== undefined && !this.rounds.isStopped) {
      const start: string = from;
      from = await this.db.transaction(async (db) => {
        const mark = await lockMark(db, name);
        if (mark === undefined || start >= mark) return undefined;
        const { count, last } = await this.follow(name, db, { from: start, before: mark, limit: BATCH_ROWS });
        return count === BATCH_ROWS && last !== null ? last : undefined;
      });
    }
  }

  private follow(name: string, db: Queryable, stretch: Stretch): Promise<Followed> {
    const follow = FOLLOWERS[name];
    if (!follow) throw new Error(`nothing follows the log for ${name}`);
    return follow(db, stretch);
  }
}
