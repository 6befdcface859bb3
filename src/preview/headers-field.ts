import { ValidateBy } from 'class-validator';

const MOST_HEADERS = 200;

/** The headers of a request: `{"content-type": "application/json"}`. */
export function IsHeaders(): PropertyDecorator {
  return ValidateBy({
    name: 'isHeaders',
    validator: {
      validate: (value: unknown) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
        const headers = Object.values(value);
        return headers.length <= MOST_HEADERS && headers.every((header) => typeof header === 'string');
      },
      defaultMessage: (validated) =>
        `${validated?.property ?? ''} must be an object of at most ${MOST_HEADERS} names, each with a text`,
    },
  });
}
