import { ValidateBy } from 'class-validator';

/** Events have some forty fields; custom ones come beside them. */
const MOST_FIELDS = 200;
const LONGEST_FIELD = 200;

/** An object of fields; what each of them may hold is judged by the adapter, which names it. */
export function IsMapping(): PropertyDecorator {
  return ValidateBy({
    name: 'isMapping',
    validator: {
      validate: (value: unknown) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
        const fields = Object.keys(value);
        return fields.length <= MOST_FIELDS && fields.every((field) => field.length <= LONGEST_FIELD);
      },
      defaultMessage: (problem) =>
        `${problem?.property ?? ''} must be an object of at most ${MOST_FIELDS} fields, each named by at most ${LONGEST_FIELD} characters`,
    },
  });
}
