import { ValidateBy } from 'class-validator';

const LONGEST_ID = 100;
const LONGEST_NAME = 200;
const MOST_NAMES = 1_000;

/** An object from ids to names: `{"1": "Support"}`. */
export function IsNameTable(): PropertyDecorator {
  return ValidateBy({
    name: 'isNameTable',
    validator: {
      validate: (value: unknown) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
        const names = Object.entries(value);
        return names.length <= MOST_NAMES && names.every(([id, name]) => id.length <= LONGEST_ID && isNameOf(name));
      },
      defaultMessage: (validated) =>
        `${validated?.property ?? ''} must name at most ${MOST_NAMES} ids, each by a text of at most ${LONGEST_NAME} characters`,
    },
  });
}

function isNameOf(name: unknown): boolean {
  return typeof name === 'string' && name.trim() !== '' && name.length <= LONGEST_NAME;
}
