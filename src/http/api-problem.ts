import { ApiResponse } from '@nestjs/swagger';

/** By `code`: when that is answered. */
export type ProblemCodes = Readonly<Record<string, string>>;

/**
 * Describes errors of a handler for the OpenAPI document. What is true of many handlers (no key, a wrong field, a body that
 * is no JSON, the database away) is described for all of them by `completeDocument`.
 */
export function ApiProblem(status: number, codes: ProblemCodes): MethodDecorator & ClassDecorator {
  return ApiResponse({ status, description: describeCodes(codes) });
}

/** @returns one paragraph for each code */
export function describeCodes(codes: ProblemCodes): string {
  return Object.entries(codes)
    .map(([code, when]) => `\`${code}\`: ${when}`)
    .join('\n\n');
}

/** @returns the codes of such a description */
export function readCodes(description: string): ProblemCodes {
  const paragraphs = description.split('\n\n').map((paragraph) => /^`([a-z_]+)`: (.*)$/s.exec(paragraph));
  return Object.fromEntries(paragraphs.flatMap((found) => (found ? [[found[1] ?? '', found[2] ?? '']] : [])));
}
