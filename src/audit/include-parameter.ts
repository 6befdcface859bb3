import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsIn } from 'class-validator';
import { OptionalField } from '../http/optional-field.js';

/** `?include=a,b`: which related rows an answer carries. */
export function IsInclude(names: readonly string[]): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value)),
    OptionalField(),
    IsIn(names, { each: true }),
  );
}
