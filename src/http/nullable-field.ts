import { ValidateIf } from 'class-validator';

/** A field of a request that may be left out, and that null removes. */
export function NullableField(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined && value !== null);
}
