import { ValidateBy, type ValidationOptions } from 'class-validator';

/** A list of texts in which none stands twice. class-validator's own rule compares each with all others. */
export function IsUniqueList(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isUniqueList',
      validator: {
        validate: (value: unknown) => Array.isArray(value) && new Set(value).size === value.length,
        defaultMessage: (problem) => `${problem?.property ?? ''} must not name one twice`,
      },
    },
    options,
  );
}
