import { lowestId } from '../database/partitions.js';
import type { PagePosition } from '../http/page.js';
import { Problem } from '../http/problem.js';

/** Ids from one on, up to before another. In their usual spelling, UUIDs sort as their text does. */
export interface IdRange {
  from: string;
  before: string;
}

export const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
export const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * @returns the ids of what came in a period: ids begin with the time
 * @throws Problem 400 when `since` is after `until`
 */
export function idsOfPeriod(since: string | undefined, until: string | undefined): IdRange {
  if (since !== undefined && until !== undefined && new Date(since) > new Date(until)) {
    throw new Problem(400, 'validation_failed', 'since: must not be after until.');
  }
  return {
    from: since === undefined ? LOWEST_ID : lowestId(new Date(since)),
    before: until === undefined ? HIGHEST_ID : lowestId(new Date(until)),
  };
}

/** @returns what a page may hold of a range: nothing that its cursor has passed */
export function idsBeside(range: IdRange, position: PagePosition): IdRange {
  const { id, direction } = position;
  if (id === undefined) return range;
  return direction === 'next'
    ? { ...range, before: id < range.before ? id : range.before }
    : { ...range, from: id < range.from ? range.from : idAfter(id) };
}

/**
 * @param border undefined where all is one part
 * @returns the parts on both sides of it, in the direction in which they are read
 */
export function splitRange(
  range: IdRange,
  border: string | undefined,
  direction: PagePosition['direction'],
): [first: IdRange, rest: IdRange] {
  if (border === undefined) return [range, { from: range.before, before: range.before }];
  const lower = { from: range.from, before: border };
  const upper = { from: border, before: range.before };
  return direction === 'next' ? [upper, lower] : [lower, upper];
}

/** @returns the lowest id above another; of the highest, itself, which is in no range */
function idAfter(id: string): string {
  if (id === HIGHEST_ID) return id;
  const hex = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
