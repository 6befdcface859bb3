import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { BacklogView } from './statistics.dto.js';
import { selectBacklog } from './sql/select-backlog.js';

/** Says what waits. Asked of the primary: a replica would show what has been sent meanwhile. */
@Injectable()
export class BacklogService {
  constructor(private readonly db: Database) {}

  /** @throws DatabaseUnavailableError also when so much waits that it cannot be counted in time */
  async read(): Promise<BacklogView> {
    const rows = await this.db.transaction(selectBacklog);
    const oldest = rows.flatMap(({ oldest_pending_at: at }) => (at ? [at.getTime()] : []));
    return {
      pending: rows.reduce((sum, { pending }) => sum + pending, 0),
      sending: rows.reduce((sum, { sending }) => sum + sending, 0),
      oldest_pending_at: oldest.length === 0 ? null : new Date(Math.min(...oldest)),
      by_destination: rows.map(({ is_held: paused, ...row }) => ({ ...row, paused })),
    };
  }
}
