import { type ValidationError, ValidationPipe } from '@nestjs/common';
import { type FieldProblem, Problem } from './problem.js';

/** Nobody mends more at once, and an answer must not be greater than its request. */
const MOST_SHOWN = 20;

/** Validates every DTO: unknown fields are refused, and all faults are named at once. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) => validationProblem(errors.flatMap((error) => fieldProblems(error))),
  });
}

/** @returns a 400 that names each field and what is wrong with it; the first ones, where they are many. */
export function validationProblem(all: readonly FieldProblem[]): Problem {
  const errors = all.slice(0, MOST_SHOWN);
  const messages = errors.map((error) => error.message);
  if (all.length > errors.length) messages.push(`and ${all.length - errors.length} more faults`);
  const detail = messages.join('; ');
  return new Problem(400, 'validation_failed', detail === '' ? 'The request is not valid.' : detail, { errors });
}

/** @returns what class-validator found, field by field, under the whole path */
export function fieldProblems(error: ValidationError, parent = ''): FieldProblem[] {
  const field = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({
    field,
    // class-validator names the property without its parents; the whole path tells the reader where to look.
    message: message.startsWith(error.property) ? field + message.slice(error.property.length) : `${field}: ${message}`,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldProblems(child, field))];
}
