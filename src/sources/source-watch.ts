import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Rounds } from '../clock/rounds.js';
import { Environment } from '../config/environment.js';
import { Database } from '../database/database.js';
import { type SpeechChange, updateActivity } from './sql/update-activity.js';
import { tryWatchLock } from './sql/try-watch-lock.js';

const ROUND_MS = 60_000;

/**
 * Learns how sources use to speak, and says once in the log when one has gone silent, and when it speaks again. A source
 * has gone silent when nothing has come for more than twice its longest silence of the past weeks, and for more than a
 * day; it is missed only after it was heard over at least a day, and for the first week not before three days, since its
 * weekend may be ahead. Silences are remembered for 14 to 28 days in which it spoke. What is disabled is not watched. One
 * process looks at a time, once a minute; in a process that only delivers nobody does.
 */
@Injectable()
export class SourceWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('sources');
  private readonly rounds: Rounds;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly environment: Environment,
  ) {
    this.rounds = new Rounds(clock, ROUND_MS, () => this.round());
  }

  onApplicationBootstrap(): void {
    if (this.environment.ROLE !== 'worker') this.rounds.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }

  private async round(): Promise<void> {
    try {
      const changes = await this.db.transaction(async (db) =>
        (await tryWatchLock(db)) ? updateActivity(db, this.clock.now()) : [],
      );
      for (const change of changes) this.tell(change);
    } catch (error) {
      this.logger.warn({ err: error }, 'sources could not be watched; tried again in a minute');
    }
  }

  private tell({ id, name, last_event_at: heardAt, is_silent: isSilent }: SpeechChange): void {
    const facts = { source_id: id, source: name, last_event_at: heardAt };
    if (isSilent) this.logger.warn(facts, 'a source that used to speak has gone silent');
    else this.logger.log(facts, 'a source that was silent speaks again');
  }
}
