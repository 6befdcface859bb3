import { ValidateIf } from 'class-validator';

/** A field of a request that may be left out. Unlike class-validator's own `IsOptional`, null is a value, and a wrong one. */
export function OptionalField(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}
