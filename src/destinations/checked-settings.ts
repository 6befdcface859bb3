import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { fieldProblems, validationProblem } from '../http/validation.js';

/**
 * Settings that were put together of several parts are held to the same rules as those of a request.
 *
 * @param place what they are in the request, e.g. `settings`
 * @returns them as the rules' class has them: lines trimmed
 * @throws Problem 400 `validation_failed`
 */
export function checkedSettings<Settings extends object>(
  schema: ClassConstructor<Settings>,
  settings: object,
  place = 'settings',
): Settings {
  const checked = plainToInstance(schema, settings);
  const errors = validateSync(checked, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) throw validationProblem(errors.flatMap((error) => fieldProblems(error, place)));
  return { ...checked };
}

/**
 * @returns settings, or secrets, with changes applied: null removes one (RFC 7396)
 * @throws Problem 400 `validation_failed`
 */
export function changedSettings<Settings extends object>(
  schema: ClassConstructor<Settings>,
  known: object,
  changes: Readonly<Record<string, unknown>>,
  place = 'settings',
): Settings {
  const kept = Object.entries({ ...known, ...changes }).filter(([, value]) => value !== null);
  return checkedSettings(schema, Object.fromEntries(kept), place);
}
