import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Database } from '../database/database.js';
import { notify } from '../database/sql/notify.js';

/** Says between processes which destinations have new work: their ids, separated by commas. */
export const WORK_CHANNEL = 'deskwire_work';
/** Before the id of a destination that its owner has just given back. */
export const FREE_MARK = '!';

/** A notification holds less than 8,000 bytes, an id 36 and its mark one. */
const MOST_IDS = 200;
/** Under load an announcement stands for all that comes in so many milliseconds: notifying is not free for the database. */
const REST_MS = 20;

/** Tells other processes of work. What cannot be told is found by their next poll. */
@Injectable()
export class WorkAnnouncer {
  private readonly logger = new Logger('dispatcher');
  private readonly waiting = new Set<string>();
  private announcing = false;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  announce(destinationId: string): void {
    this.say(destinationId);
  }

  /** Whoever wants the destination may have it now. */
  announceFree(destinationId: string): void {
    this.say(`${FREE_MARK}${destinationId}`);
  }

  private say(word: string): void {
    this.waiting.add(word);
    if (!this.announcing) void this.announceAll();
  }

  private async announceAll(): Promise<void> {
    this.announcing = true;
    while (this.waiting.size > 0) {
      const ids = [...this.waiting].slice(0, MOST_IDS);
      for (const id of ids) this.waiting.delete(id);
      try {
        await notify(this.db, WORK_CHANNEL, ids.join(','));
      } catch (error) {
        this.logger.debug({ err: error }, 'work could not be announced; it is found by a poll');
      }
      await new Promise<void>((resolve) => this.clock.after(REST_MS, resolve));
    }
    this.announcing = false;
  }
}
