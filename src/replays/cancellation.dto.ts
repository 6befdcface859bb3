import { OmitType } from '@nestjs/swagger';
import { IsBoolean, IsIn } from 'class-validator';
import { DeliveryFilter } from '../audit/log-query.dto.js';
import { NestedField } from '../http/nested-field.js';
import { OptionalField } from '../http/optional-field.js';

/** Which deliveries are not to be sent. */
export class CancelFilter extends OmitType(DeliveryFilter, ['state'] as const) {
  /** Only what waits can be cancelled. */
  @OptionalField()
  @IsIn(['pending'])
  state?: 'pending';
}

export class CancelAllBody {
  /** As for the list; it must name something. */
  @NestedField(() => CancelFilter)
  filter!: CancelFilter;

  /**
   * `true`: tells how many that would be, and cancels nothing.
   * @example true
   */
  @OptionalField()
  @IsBoolean()
  dry_run?: boolean;
}

/** What a filter names and is not cancelled, by the reason. */
export class NotCancelledView {
  /**
   * Being sent at this moment.
   * @example 1
   */
  in_flight!: number;
}

export class CancelledView {
  /** Whether nothing was done. */
  dry_run!: boolean;
  /**
   * How many are cancelled.
   * @example 1234
   */
  count!: number;
  left_out!: NotCancelledView;
}
