/** `2017-12-14 20:09:19 +0530`, `2017-12-14 15:54:26 UTC`, `2017-12-14T15:54:26.123Z`, `2017-12-14 15:54:26`, `2017-12-14`. */
const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i;
const ZONE_OFFSET = /^([+-])(\d\d):?(\d\d)$/;
/** Long before any webhook: `0000-00-00` and `0001-01-01` are how databases and languages spell "no time". */
const EARLIEST_YEAR = 1970;
const MINUTE_MS = 60_000;

/**
 * Reads the shapes of time that helpdesks write. A time without a zone is taken as UTC.
 *
 * @returns undefined for anything that is not a possible moment
 */
export function readTime(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const parts = TIME.exec(value.trim());
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part || 0));
  const milliseconds = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds));
  // Date rolls impossible dates over: 31 February would be 3 March.
  const isPossible =
    local.getUTCMonth() === month - 1 && local.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (year < EARLIEST_YEAR || !isPossible) return undefined;
  return new Date(local.getTime() - offsetMs(parts[8]));
}

function offsetMs(zone: string | undefined): number {
  const offset = ZONE_OFFSET.exec(zone ?? '');
  if (!offset) return 0;
  const minutes = Number(offset[2]) * 60 + Number(offset[3]);
  return (offset[1] === '-' ? -minutes : minutes) * MINUTE_MS;
}
