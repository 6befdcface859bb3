import { Injectable } from '@nestjs/common';
import type { AdminCall } from '../changes/admin-call.js';
import { ERASED } from '../changes/refer-to-people.js';
import { selectPeople } from '../changes/sql/select-people.js';
import { Clock } from '../clock/clock.js';
import { newId } from '../clock/new-id.js';
import { AuditDatabase } from '../database/audit-database.js';
import { Database } from '../database/database.js';
import { fetchPage, type Page } from '../http/page.js';
import { Problem } from '../http/problem.js';
import type { RawReadsQuery, RawReadView } from './raw-read.dto.js';
import { insertRawRead } from './sql/insert-raw-read.js';
import { type RawReadRow, selectRawReads } from './sql/select-raw-reads.js';

/** Remembers who looked at what a helpdesk sent, word for word. */
@Injectable()
export class RawReads {
  constructor(
    private readonly db: Database,
    private readonly auditDb: AuditDatabase,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes down a look; resolves after the commit. To be awaited before anything is shown.
   *
   * @throws DatabaseUnavailableError: then nothing may be shown
   */
  async record({ keyId, address }: Pick<AdminCall, 'keyId' | 'address'>, eventId: string): Promise<void> {
    if (keyId === null) throw new Error('Nobody reads without a key.');
    const at = this.clock.now();
    const person = address === null ? null : { id: newId(at), value: address };
    await insertRawRead(this.db, { id: newId(at), at, eventId, keyId, address: person });
  }

  /** @throws Problem 400 when `since` is after `until`, or for a cursor of another query */
  list(query: RawReadsQuery): Promise<Page<RawReadView>> {
    const { since, until } = query;
    if (since !== undefined && until !== undefined && new Date(since) > new Date(until)) {
      throw new Problem(400, 'validation_failed', 'since: must not be after until.');
    }
    return fetchPage('raw-reads', query, async (position) =>
      this.viewsOf(await selectRawReads(this.auditDb, query, position)),
    );
  }

  private async viewsOf(rows: readonly RawReadRow[]): Promise<RawReadView[]> {
    const people = await selectPeople(
      this.auditDb,
      rows.flatMap(({ address }) => address ?? []),
    );
    return rows.map(({ id, at, event_id, key_id, key_name, address }) => ({
      id,
      at,
      event_id,
      key: { id: key_id, name: key_name },
      address: address === null ? null : (people.get(address) ?? ERASED),
    }));
  }
}
