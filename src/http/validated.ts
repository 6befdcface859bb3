import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { fieldProblems, validationProblem } from './validation.js';

/**
 * Holds what did not come as a request's body to the rules of a DTO.
 *
 * @param place where it stands, e.g. `settings`
 * @throws Problem 400 `validation_failed` that names each fault
 */
export function validated<Body extends object>(type: ClassConstructor<Body>, plain: object, place = ''): Body {
  const body = plainToInstance(type, plain);
  const errors = validateSync(body, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) throw validationProblem(errors.flatMap((error) => fieldProblems(error, place)));
  return body;
}

/** @returns a document with changes applied: null removes a field (RFC 7396, one level deep) */
export function withChanges(known: object, changes: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries({ ...known, ...changes }).filter(([, value]) => value !== null));
}
