import { IsInstant } from '../http/instant-field.js';
import { OptionalField } from '../http/optional-field.js';
import { PageQuery } from '../http/page.js';

export class RevisionsQuery extends PageQuery {
  /**
   * ISO 8601; those that were in force at this instant or later.
   * @example '2026-03-01'
   */
  @OptionalField()
  @IsInstant()
  since?: string;

  /**
   * ISO 8601; those that were in force before this instant.
   * @example '2026-04-01'
   */
  @OptionalField()
  @IsInstant()
  until?: string;
}
