/** A server that asks for more is asked again after this long all the same. */
const LONGEST_SECONDS = 86_400;
const DECIMAL = /^\d+(?:\.\d+)?$/;

/**
 * RFC 9110, 10.2.3: seconds, here with fractions as well, or a date. That is measured by the server's own clock, where
 * its answer says what time it has there.
 *
 * @param headers by their names in lower case
 * @param now by our clock
 * @returns undefined where there is none, or it cannot be read
 */
export function readRetryAfter(headers: Readonly<Record<string, string>>, now: Date): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  const seconds = DECIMAL.test(value) ? Number(value) : secondsUntil(value, headers['date'], now);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_SECONDS) : undefined;
}

/** @returns NaN where it is no date */
function secondsUntil(date: string, serverTime: string | undefined, now: Date): number {
  // Numbers that are no seconds would be taken for years.
  if (!/[a-z]/i.test(date)) return NaN;
  const theirs = Date.parse(serverTime ?? '');
  return (Date.parse(date) - (Number.isNaN(theirs) ? now.getTime() : theirs)) / 1_000;
}
