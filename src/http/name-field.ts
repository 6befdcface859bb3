import { IsLine } from './line-field.js';

const LONGEST_NAME = 100;

/** A name that admins give: at most 100 characters. */
export function IsName(): PropertyDecorator {
  return IsLine(LONGEST_NAME);
}
