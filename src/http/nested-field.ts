import { applyDecorators } from '@nestjs/common';
import { type ClassConstructor, Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';

/** An object inside a request, validated by its own class. A list in its place is refused: `ValidateNested` alone would take an empty one. */
export function NestedField(type: () => ClassConstructor<object>): PropertyDecorator {
  return applyDecorators(IsObject(), ValidateNested(), Type(type));
}

/** A list of such objects. */
export function NestedList(type: () => ClassConstructor<object>): PropertyDecorator {
  return applyDecorators(IsObject({ each: true }), ValidateNested({ each: true }), Type(type));
}
