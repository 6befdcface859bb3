import type { Problem } from '../http/problem.js';
import { validationProblem } from '../http/validation.js';

/** @returns a 400 that names one field and what is wrong with it */
export function wrongField(field: string, what: string): Problem {
  return validationProblem([{ field, message: `${field}: ${what}` }]);
}
