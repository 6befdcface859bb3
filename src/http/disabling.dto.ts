import { IsBoolean } from 'class-validator';
import { IsInstant } from './instant-field.js';
import { NullableField } from './nullable-field.js';
import { OptionalField } from './optional-field.js';
import { validationProblem } from './validation.js';

/** The fields by which an admin disables a thing and enables it again; one of them at most. */
export class DisablingFields {
  /**
   * Since when it is disabled: not in the future; null enables it.
   * @example '2026-03-01T09:30:00Z'
   */
  @NullableField()
  @IsInstant()
  disabled_at?: string | null;

  /**
   * In place of `disabled_at`: true disables it from now on, false enables it.
   * @example false
   */
  @OptionalField()
  @IsBoolean()
  disabled?: boolean;
}

/**
 * @param known since when it is disabled so far; null = it is enabled
 * @returns since when it is disabled after a request; what is disabled already stays so since then, unless a time is given
 * @throws Problem 400 `validation_failed` where both fields are given, and for a time in the future
 */
export function disabledAfter(
  { disabled_at: at, disabled }: DisablingFields,
  known: Date | null,
  now: Date,
): Date | null {
  if (at !== undefined && disabled !== undefined) {
    throw validationProblem([{ field: 'disabled', message: 'disabled: does not go with disabled_at' }]);
  }
  if (disabled !== undefined) return disabled ? (known ?? now) : null;
  if (at === undefined) return known;
  if (at === null) return null;
  const since = new Date(at);
  if (since > now) {
    throw validationProblem([{ field: 'disabled_at', message: 'disabled_at: must not be in the future' }]);
  }
  return since;
}
