import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';

/** Describes the answer of a list for the OpenAPI document: the compiler's `Page<Row>` is nothing that it could read. */
export function ApiPage(row: Type): MethodDecorator {
  const cursor = { type: 'string', nullable: true };
  return applyDecorators(
    ApiExtraModels(row),
    ApiOkResponse({
      description: 'A page, newest first.',
      schema: {
        type: 'object',
        required: ['data', 'next_cursor', 'prev_cursor'],
        properties: {
          data: { type: 'array', items: { $ref: getSchemaPath(row) } },
          next_cursor: { ...cursor, description: 'Leads to older ones; null where there are none.', example: null },
          prev_cursor: { ...cursor, description: 'Leads to newer ones; null where there are none.', example: null },
        },
      },
    }),
  );
}
