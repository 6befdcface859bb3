import { ValidateBy } from 'class-validator';

/** RFC 3339 with its zone, or a date alone, which means midnight in UTC. */
const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** An instant from 1970 on: ids begin with its milliseconds, which UUIDv7 counts from there. */
export function IsInstant(): PropertyDecorator {
  return ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isInstant(value),
      defaultMessage: (problem) =>
        `${problem?.property ?? 'it'} must be a time such as 2026-03-01T00:00:00Z, or a date, from 1970 on`,
    },
  });
}

function isInstant(text: string): boolean {
  if (!INSTANT.test(text) || !(Date.parse(text) >= 0)) return false;
  // Date takes the 31st of February for the 3rd of March.
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
