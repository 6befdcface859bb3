import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import { Clock } from '../clock/clock.js';
import { AuditDatabase } from '../database/audit-database.js';
import type { Queryable } from '../database/database.js';
import { lowestId, monthAt, timeOf } from '../database/partitions.js';
import type { PagePosition } from '../http/page.js';
import { HIGHEST_ID, type IdRange, idsBeside, idsOfPeriod, LOWEST_ID, splitRange } from './id-range.js';
import type { LogTable } from './log-table.js';
import { type PageStatement, PageStatementBuilder, type WordSearch } from './page-statement.js';
import { selectMark } from './sql/select-mark.js';
import { selectNthId } from './sql/select-nth-id.js';

/** What the filters of every table have. */
interface AnyFilter {
  since?: string;
  until?: string;
  q?: string;
}

/** Filters that leave few rows: what is searched for is then asked of each of them. */
const NARROW: readonly string[] = ['event_id', 'ticket', 'reason', 'state', 'outcome', 'matched'];
/** A search walks through so many rows before it turns to the index: what is frequent has filled its page by then. */
const WALKED_ROWS = 4_000;
/**
 * Then it looks at the month that it has come to, at so many beyond it, and at all the rest: what is rare is quickly found
 * in all of them at once.
 */
const MONTHS_OF_SECOND_WINDOW = 3;

/** Reads the log in pages. */
@Injectable()
export class LogPages {
  constructor(
    private readonly db: AuditDatabase,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns at most `position.limit` rows of a table that a filter names: newest first for `next`, oldest first for `prev`
   * @throws Problem 400 when `since` is after `until`
   */
  async read<Row extends QueryResultRow, Filter extends AnyFilter>(
    table: LogTable<Filter>,
    filter: Filter,
    position: PagePosition,
  ): Promise<Row[]> {
    const { direction, limit } = position;
    const range = idsBeside(idsOfPeriod(filter.since, filter.until), position);
    const build = (part: IdRange, missing: number): PageStatementBuilder<Filter> =>
      new PageStatementBuilder(table, filter, { range: part, direction, limit: missing });
    if (filter.q === undefined) {
      return this.db.transaction((db) => inOrder<Row>(db, build(range, limit).byLead()));
    }
    const q = filter.q;
    // In one transaction: the mark and the rows are of the same server, the replica or the primary.
    return this.db.transaction(async (db) => {
      const words: WordSearch = { q, mark: await selectMark(db, table.words) };
      const isNarrow = table.lead(filter).some((lead) => NARROW.includes(lead.filter));
      if (isNarrow) return inOrder<Row>(db, build(range, limit).byLead(words));
      const border = await selectNthId(db, table.words, range, direction, WALKED_ROWS);
      const [walked, rest] = splitRange(range, border, direction);
      const rows: Row[] = [];
      for (const part of [walked, ...this.windows(rest, direction)]) {
        if (rows.length === limit) break;
        const { statement, values } = build(part, limit - rows.length).byWords(words, part === walked);
        rows.push(...(await db.query<Row>(statement, values)));
      }
      return rows;
    });
  }

  /** A range in the parts in which it is searched, the nearest first. */
  private windows(range: IdRange, direction: PagePosition['direction']): IdRange[] {
    const isDown = direction === 'next';
    const nearest = isDown ? range.before : range.from;
    const start = new Date(Math.min(Math.max(timeOf(nearest).getTime(), 0), this.clock.now().getTime()));
    const month = (offset: number): string => lowestId(monthAt(start, offset));
    const borders = isDown
      ? [HIGHEST_ID, month(0), month(-MONTHS_OF_SECOND_WINDOW), LOWEST_ID]
      : [LOWEST_ID, month(1), month(1 + MONTHS_OF_SECOND_WINDOW), HIGHEST_ID];
    return borders.slice(1).flatMap((border, index) => {
      const near = borders[index] ?? border;
      const [from, before] = isDown ? [border, near] : [near, border];
      const part = {
        from: from > range.from ? from : range.from,
        before: before < range.before ? before : range.before,
      };
      return part.from < part.before ? [part] : [];
    });
  }
}

/**
 * Reads rows in the order of an index, with the planner kept from reading all that fits and sorting it: it guesses far too
 * few rows where a column and an id are compared as a pair.
 *
 * @param db a transaction
 */
async function inOrder<Row extends QueryResultRow>(
  db: Queryable,
  { statement, values }: PageStatement,
): Promise<Row[]> {
  await db.query({ text: 'set local enable_sort = off' }, []);
  return db.query<Row>(statement, values);
}
