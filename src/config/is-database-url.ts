import { ValidateBy } from 'class-validator';
import { parseUrl } from '../ticket-event/parse-url.js';

/** `postgres://user:password@host:port/database`. The message never shows it. */
export function IsDatabaseUrl(): PropertyDecorator {
  return ValidateBy({
    name: 'isDatabaseUrl',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && /^postgres(ql)?:$/.test(parseUrl(value)?.protocol ?? ''),
      defaultMessage: () => 'must be a postgres:// URL',
    },
  });
}
