import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { fieldProblems, validationProblem } from '../http/validation.js';

/**
 * Settings that were put together of several parts are held to the same rules as those of a request.
 *
 * @throws Problem 400 `validation_failed`
 */
export function checkedSettings<Settings extends object>(
  schema: ClassConstructor<object>,
  settings: Settings,
): Settings {
  const errors = validateSync(plainToInstance(schema, settings), { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) throw validationProblem(errors.flatMap((error) => fieldProblems(error, 'settings')));
  return settings;
}
