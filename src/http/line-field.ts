import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsString, Matches, MaxLength } from 'class-validator';

/** A letter, digit, mark or symbol: something that shows. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A line that people read: trimmed, with something in it that shows. */
export function IsLine(longest: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    IsString(),
    MaxLength(longest),
    Matches(VISIBLE, { message: ({ property }) => `${property} must not be blank` }),
  );
}
