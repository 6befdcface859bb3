import { Problem } from '../http/problem.js';

export const BUCKETS = ['hour', 'day', 'month'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** Whole hours in UTC; what happened before `until`. */
export interface StatisticsRange {
  since: Date;
  until: Date;
  /** null = all in one. */
  bucket: Bucket | null;
}

/** A part of a range: an hour, day or month in UTC, cut off where the range begins or ends within it. */
export interface BucketRange {
  /** Of the whole hour, day or month, in Unix milliseconds. */
  key: number;
  start: Date;
  until: Date;
}

const HOUR_MS = 3_600_000;
const DEFAULT_MS = 24 * HOUR_MS;
/** A month of hours, two years of days, sixty years of months. */
const MOST_BUCKETS = 750;

interface AskedRange {
  since?: string;
  until?: string;
  bucket?: Bucket;
}

/**
 * @returns what is asked for, widened outwards to whole hours; what is left out is now, and a day before
 * @throws Problem 400 `validation_failed` when `since` is after `until`
 */
export function settleRange({ since, until, bucket }: AskedRange, now: Date): StatisticsRange {
  const end = until === undefined ? now : new Date(until);
  const start = since === undefined ? new Date(Math.max(end.getTime() - DEFAULT_MS, 0)) : new Date(since);
  if (start > end) {
    const isNow = until === undefined ? ', which is now unless given' : '';
    throw new Problem(400, 'validation_failed', `since: must not be after until${isNow}.`);
  }
  return {
    since: new Date(Math.floor(start.getTime() / HOUR_MS) * HOUR_MS),
    until: new Date(Math.ceil(end.getTime() / HOUR_MS) * HOUR_MS),
    bucket: bucket ?? null,
  };
}

/**
 * @returns the parts of a range, oldest first, those without anything too; none where it has no buckets
 * @throws Problem 400 `too_many_buckets`
 */
export function bucketsOf({ since, until, bucket }: StatisticsRange): BucketRange[] {
  if (bucket === null) return [];
  const buckets: BucketRange[] = [];
  for (let start = beginningOf(bucket, since); start < until;) {
    if (buckets.length === MOST_BUCKETS) throw tooManyBuckets(bucket);
    const end = nextOf(bucket, start);
    buckets.push({ key: start.getTime(), start: start < since ? since : start, until: end > until ? until : end });
    start = end;
  }
  return buckets;
}

function beginningOf(bucket: Bucket, instant: Date): Date {
  if (bucket === 'hour') return instant;
  const day = bucket === 'day' ? instant.getUTCDate() : 1;
  return new Date(Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth(), day));
}

function nextOf(bucket: Bucket, start: Date): Date {
  if (bucket === 'hour') return new Date(start.getTime() + HOUR_MS);
  if (bucket === 'day') return new Date(start.getTime() + DEFAULT_MS);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
}

function tooManyBuckets(bucket: Bucket): Problem {
  const advice = bucket === 'month' ? '' : `, or for bucket=${bucket === 'hour' ? 'day' : 'month'}`;
  return new Problem(
    400,
    'too_many_buckets',
    `bucket: there can be ${MOST_BUCKETS} at most; ask for a shorter time${advice}.`,
  );
}
