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
  const cursors = cursorsOf(listName, query, idForm);
  const { from } = cursors;
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
    next_cursor: hasNext && last ? cursors.next(last.id) : null,
    prev_cursor: hasPrevious && first ? cursors.previous(first.id) : null,
  };
}

/** The cursors of one list with one set of filters. */
export interface Cursors {
  /** Where the query's own cursor points to. */
  from: { direction: 'next' | 'prev'; id: string } | undefined;
  /** @returns what leads to the rows older than a row */
  next: (id: string) => string;
  /** @returns what leads to the rows newer than a row */
  previous: (id: string) => string;
}

/**
 * @param query its filters are what a cursor is good for
 * @throws Problem 400 `invalid_cursor` for a cursor of another query
 */
export function cursorsOf(listName: string, query: { cursor?: string }, idForm = UUID): Cursors {
  const fingerprint = fingerprintOf(listName, query);
  return {
    from: query.cursor === undefined ? undefined : decodeCursor(query.cursor, fingerprint, idForm),
    next: (id) => encodeCursor('next', id, fingerprint),
    previous: (id) => encodeCursor('prev', id, fingerprint),
  };
}

/** Whatever narrows the list belongs to the query; how much of it is shown, and in which form, does not. */
const NO_FILTERS: readonly string[] = ['limit', 'cursor', 'format'];

function fingerprintOf(listName: string, query: object): string {
  const filters = Object.entries(query)
    .filter(([name, value]) => !NO_FILTERS.includes(name) && value !== undefined)
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
