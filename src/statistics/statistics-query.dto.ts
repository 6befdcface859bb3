import { IsIn } from 'class-validator';
import { IsInstant } from '../http/instant-field.js';
import { OptionalField } from '../http/optional-field.js';
import { type Bucket, BUCKETS } from './statistics-range.js';

export class StatisticsQuery {
  /**
   * ISO 8601; this instant and later, from the beginning of its hour. A day before `until` unless given.
   * @example '2026-03-01T00:00:00Z'
   */
  @OptionalField()
  @IsInstant()
  since?: string;

  /**
   * ISO 8601; before this instant, to the end of its hour. Now unless given.
   * @example '2026-04-01T00:00:00Z'
   */
  @OptionalField()
  @IsInstant()
  until?: string;

  /** Also by hour, day or month, in UTC. */
  @OptionalField()
  @IsIn(BUCKETS)
  bucket?: Bucket;
}
