import { Injectable } from '@nestjs/common';
import { AuditDatabase } from '../database/audit-database.js';
import { fetchPage, type Page } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import type { ChangesQuery, ChangeView } from './change.dto.js';
import { ERASED, nameAgain, referencesIn } from './refer-to-people.js';
import { type ChangeRow, selectChange, selectChanges } from './sql/select-changes.js';
import { selectPeople } from './sql/select-people.js';

/** Answers who changed what. Reads only: the record itself never changes. */
@Injectable()
export class ChangesService {
  constructor(private readonly db: AuditDatabase) {}

  /** @throws Problem 400 when `since` is after `until`, or for a cursor of another query */
  list(query: ChangesQuery): Promise<Page<ChangeView>> {
    const { since, until } = query;
    if (since !== undefined && until !== undefined && new Date(since) > new Date(until)) {
      throw new Problem(400, 'validation_failed', 'since: must not be after until.');
    }
    return fetchPage('changes', query, async (position) => this.viewsOf(await selectChanges(this.db, query, position)));
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<ChangeView> {
    const row = await selectChange(this.db, id);
    const [view] = row ? await this.viewsOf([row]) : [];
    if (!view) throw notFound('change');
    return view;
  }

  private async viewsOf(rows: readonly ChangeRow[]): Promise<ChangeView[]> {
    const references = rows.flatMap(({ address, before, after }) => [
      ...(address === null ? [] : [address]),
      ...referencesIn(before),
      ...referencesIn(after),
    ]);
    const people = await selectPeople(this.db, [...new Set(references)]);
    return rows.map((row) => toView(row, people));
  }
}

function toView(row: ChangeRow, people: ReadonlyMap<string, string | null>): ChangeView {
  return {
    id: row.id,
    request_id: row.request_id,
    at: row.at,
    by: {
      via: row.via,
      key_id: row.key_id,
      key_name: row.key_name,
      address: row.address === null ? null : (people.get(row.address) ?? ERASED),
    },
    action: row.action,
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
    before: row.before && nameAgain(row.before, people),
    after: row.after && nameAgain(row.after, people),
  };
}
