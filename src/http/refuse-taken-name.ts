import { isUniqueViolation } from '../database/unique-violation.js';
import { Problem } from './problem.js';

/**
 * Writes a row whose name must be unique.
 *
 * @param what the thing in words, e.g. `source`
 * @param constraint the unique index of the names
 * @throws Problem 409 `name_taken` when another has the name; whatever else `write` throws
 */
export async function refuseTakenName<Result>(
  what: string,
  constraint: string,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error, constraint)) throw error;
    throw new Problem(409, 'name_taken', `name: another ${what} has this name.`, { cause: error });
  }
}
