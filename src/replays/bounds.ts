import { errorCode } from '../database/error-code.js';
import { Problem } from '../http/problem.js';

/** What one request takes up at most. */
export const MOST_AT_ONCE = 100_000;
/** Rows that one statement writes: it stays far below the time that a statement may take. */
const ROWS_A_STATEMENT = 5_000;
/** query_canceled: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const TIMED_OUT = '57014';

/** Nobody sends everything again by accident. @throws Problem 400 `empty_filter` */
export function refuseEmptyFilter(filter: object): void {
  if (Object.values(filter).some((value) => value !== undefined)) return;
  throw new Problem(400, 'empty_filter', 'filter: must name something, since and until for instance.');
}

/** @throws Problem 400 `too_many` for more rows than one request takes up */
export function refuseTooMany(found: readonly unknown[]): void {
  if (found.length <= MOST_AT_ONCE) return;
  const detail = `The filter names more than ${MOST_AT_ONCE}: narrow it, by since and until for instance.`;
  throw new Problem(400, 'too_many', detail);
}

/** @throws Problem 400 `question_too_costly` where the database gave up what was asked of it; else what `work` throws */
export async function refuseTooCostly<Result>(work: Promise<Result>): Promise<Result> {
  return work.catch((error: unknown): never => {
    const isTooCostly = [error, (error as Error | undefined)?.cause].some((each) => errorCode(each) === TIMED_OUT);
    if (!isTooCostly) throw error;
    const detail = 'This takes too long to find out: narrow the filter, by since and until for instance.';
    throw new Problem(400, 'question_too_costly', detail, { cause: error });
  });
}

/** @returns the rows in portions that one statement takes */
export function* inPortions<Row>(rows: readonly Row[], size = ROWS_A_STATEMENT): Generator<Row[]> {
  for (let from = 0; from < rows.length; from += size) yield rows.slice(from, from + size);
}
