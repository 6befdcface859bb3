const DAY_MS = 24 * 3_600_000;
/** Nothing has arrived for so long: the destination is disabled. */
const DISABLED_AFTER_MS = 5 * DAY_MS;
/** Who could mend it is warned so long before. */
const WARNED_BEFORE_MS = DAY_MS;

/** A destination at which nothing arrives. */
export interface Failing {
  destination_id: string;
  since: Date;
  /** When that it will be disabled was logged. */
  warned_at: Date | null;
  /** `gone`: it answered 410. `failing`: nothing had arrived for days. Null while it is not disabled. */
  disabled_because: 'gone' | 'failing' | null;
}

/** @returns from when on its owners are to be warned */
export function warnsAt({ since }: Pick<Failing, 'since'>): Date {
  return new Date(since.getTime() + DISABLED_AFTER_MS - WARNED_BEFORE_MS);
}

/** @returns from when on it is disabled: five days after the first failure, and never without a day's warning */
export function disablesAt({ since, warned_at: warnedAt }: Pick<Failing, 'since' | 'warned_at'>): Date {
  const afterWarning = warnedAt ? warnedAt.getTime() + WARNED_BEFORE_MS : 0;
  return new Date(Math.max(since.getTime() + DISABLED_AFTER_MS, afterWarning));
}
