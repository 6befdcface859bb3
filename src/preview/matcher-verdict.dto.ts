import { ApiProperty } from '@nestjs/swagger';

const ANYTHING = [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'array', items: {} }];

/** What became of one matcher. */
export class MatcherVerdictView {
  /** @example 'ticket.priority.normal' */
  field!: string;

  /** @example 'in' */
  op!: string;

  /**
   * As the route has it; null where it has none.
   * @example ['high', 'urgent']
   */
  @ApiProperty({ oneOf: ANYTHING, nullable: true })
  value!: unknown;

  /** Whether it holds; null for one that this version cannot use. */
  matched!: boolean | null;

  /**
   * What the event has there, long texts and lists cut; null for nothing.
   * @example 'low'
   */
  @ApiProperty({ oneOf: ANYTHING, nullable: true })
  saw!: unknown;

  /**
   * Why this version cannot use it.
   * @example 'value: RE2 does not understand the pattern.'
   */
  fault?: string;
}
