import { questionTooCostly, wasGivenUp } from '../database/question-too-costly.js';
import { Problem } from '../http/problem.js';

/** What one request takes up at most. */
export const MOST_AT_ONCE = 100_000;
/** Rows that one statement writes: it stays far below the time that a statement may take. */
const ROWS_A_STATEMENT = 5_000;

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
    throw wasGivenUp(error) ? questionTooCostly(error) : error;
  });
}

/** @returns the rows in portions that one statement takes */
export function* inPortions<Row>(rows: readonly Row[], size = ROWS_A_STATEMENT): Generator<Row[]> {
  for (let from = 0; from < rows.length; from += size) yield rows.slice(from, from + size);
}
