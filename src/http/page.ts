import { createHash } from 'node:crypto';
import { Transform } from 'class-transformer';
import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { Problem } from './problem.js';
import { OptionalField } from './optional-field.js';

const DEFAULT_PAGE_SIZE = 50;
const LARGEST_PAGE = 500;
const CURSOR_VERSION = 1;
const LONGEST_CURSOR = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What every list takes. Filters are added by subclasses. */
export class PageQuery {
  /** Rows on a page. */
  @OptionalField()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value,
  )
  @IsInt()
  @Min(1)
  @Max(LARGEST_PAGE)
  limit: number = DEFAULT_PAGE_SIZE;

  /**
   * `next_cursor` or `prev_cursor` of an answer to the same query.
   * @example 'WzEsIlhZWiIsIm5leHQiLCIwMTlhIl0'
   */
  @OptionalField()
  @IsString()
  @MaxLength(LONGEST_CURSOR)
  cursor?: string;
}

/** A list, newest first, whichever way one pages through it. */
export interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
  prev_cursor: string | null;
}

/** Which rows a page holds: those with ids below (`next`) or above (`prev`) `id`; without one, the newest. */
export interface PagePosition {
  direction: 'next' | 'prev';
  id?: string;
  limit: number;
}

/**
 * Pages through rows by id, newest first. Ids are UUIDv7, so they sort by time and cursors are stable under inserts.
 *
 * @param listName with the filters, what the cursor belongs to
 * @param fetch answers at most `position.limit` rows: descending for `next`, ascending for `prev`
 * @param idForm of lists whose ids are no UUIDs, but sort by time as well
 * @throws Problem 400 `invalid_cursor` for a cursor of another query
 */
export async function fetchPage<Row extends { id: string }>(
  listName: string,
  query: PageQuery,
  fetch: (position: PagePosition) => Promise<Row[]>,
  idForm = UUID,
): Promise<Page<Row>> {
  const fingerprint = fingerprintOf(listName, query);
  const from = query.cursor === undefined ? undefined : decodeCursor(query.cursor, fingerprint, idForm);
  const direction = from?.direction ?? 'next';
  const found = await fetch({ direction, limit: query.limit + 1, ...(from && { id: from.id }) });
  const hasMore = found.length > query.limit;
  const rows = found.slice(0, query.limit);
  if (direction === 'prev') rows.reverse();
  const hasNext = direction === 'next' ? hasMore : true;
  const hasPrevious = direction === 'next' ? from !== undefined : hasMore;
  const first = rows.at(0);
  const last = rows.at(-1);
  return {
    data: rows,
    next_cursor: hasNext && last ? encodeCursor('next', last.id, fingerprint) : null,
    prev_cursor: hasPrevious && first ? encodeCursor('prev', first.id, fingerprint) : null,
  };
}

/** Whatever narrows the list belongs to the query; how much of it is shown does not. */
function fingerprintOf(listName: string, query: PageQuery): string {
  const filters = Object.entries(query)
    .filter(([name, value]) => name !== 'limit' && name !== 'cursor' && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([listName, filters]))
    .digest('base64url')
    .slice(0, 12);
}

function encodeCursor(direction: 'next' | 'prev', id: string, fingerprint: string): string {
  return Buffer.from(JSON.stringify([CURSOR_VERSION, fingerprint, direction, id])).toString('base64url');
}

function decodeCursor(cursor: string, fingerprint: string, idForm: RegExp): { direction: 'next' | 'prev'; id: string } {
  const parts = parseCursor(cursor);
  const [version, madeFor, direction, id] = parts;
  const valid =
    version === CURSOR_VERSION &&
    (direction === 'next' || direction === 'prev') &&
    typeof id === 'string' &&
    idForm.test(id);
  if (!valid) throw new Problem(400, 'invalid_cursor', 'cursor: not a cursor of this API.');
  if (madeFor !== fingerprint) {
    throw new Problem(400, 'invalid_cursor', 'cursor: belongs to another query; keep the filters while paging.');
  }
  return { direction, id };
}

function parseCursor(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    // Not JSON: refused by the caller like any other foreign cursor.
    return [];
  }
}
