import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';

/** Describes the answer of an export for the OpenAPI document. */
export function ApiExport(): MethodDecorator {
  return applyDecorators(
    ApiProduces('application/x-ndjson', 'text/csv'),
    ApiOkResponse({
      description: 'Rows as the list shows them, each with its `cursor`; broken off where it could not be completed.',
      schema: { type: 'string' },
    }),
  );
}
