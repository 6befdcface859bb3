const SECONDS = /^\d{1,9}$/;

/** @returns the milliseconds that a `Retry-After` asks to wait: seconds or a date (RFC 9110, 10.2.3) */
export function readRetryAfter(value: string | undefined, now: Date): number | undefined {
  const text = value?.trim() ?? '';
  if (SECONDS.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(at - now.getTime(), 0);
}
