import { ApiResponse } from '@nestjs/swagger';

/**
 * Describes errors of a handler for the OpenAPI document. What every handler may answer (401, 403, 429, 503, and 400 where
 * it takes anything) is described for all of them by `completeDocument`.
 *
 * @param codes by `code`: when that is answered
 */
export function ApiProblem(status: number, codes: Readonly<Record<string, string>>): MethodDecorator & ClassDecorator {
  const description = Object.entries(codes)
    .map(([code, when]) => `\`${code}\`: ${when}`)
    .join('\n\n');
  return ApiResponse({ status, description });
}
