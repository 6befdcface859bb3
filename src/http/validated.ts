import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
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

/**
 * Applies changes to a document: null removes a field (RFC 7396, one level deep).
 *
 * @param type the document's rules
 * @param place where it stands, e.g. `settings`
 * @throws Problem 400 `validation_failed`, also for a null in the place of what there is not
 */
export function changed<Body extends object>(
  type: ClassConstructor<Body>,
  known: object,
  changes: Readonly<Record<string, unknown>>,
  place: string,
): Body {
  refuseUnknownNulls(type, known, changes, place);
  const kept = Object.entries({ ...known, ...changes }).filter(([, value]) => value !== null);
  return validated(type, Object.fromEntries(kept), place);
}

/** Misspelt, they would seem to have removed something. @throws Problem 400 `validation_failed` */
export function refuseUnknownNulls(
  type: ClassConstructor<object>,
  known: object,
  changes: Readonly<Record<string, unknown>>,
  place: string,
): void {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const fields = new Set([...Object.keys(known), ...rules.map(({ propertyName }) => propertyName)]);
  const unknown = Object.keys(changes).filter((name) => changes[name] === null && !fields.has(name));
  if (unknown.length === 0) return;
  throw validationProblem(
    unknown.map((name) => ({ field: `${place}.${name}`, message: `${place}.${name}: is not a field` })),
  );
}
