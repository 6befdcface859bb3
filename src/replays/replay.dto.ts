import { OmitType } from '@nestjs/swagger';
import { IsBoolean, IsIn } from 'class-validator';
import { DeliveryFilter } from '../audit/log-query.dto.js';
import { NestedField } from '../http/nested-field.js';
import { OptionalField } from '../http/optional-field.js';
import { FINISHED_STATES, type FinishedState } from './finished-state.js';

/** Which deliveries are to be sent again. */
export class ReplayFilter extends OmitType(DeliveryFilter, ['state'] as const) {
  /** In this state; the dead ones where it is left out. */
  @OptionalField()
  @IsIn(FINISHED_STATES)
  state?: FinishedState;
}

export class ReplayAllBody {
  /** As for the list; it must name something. */
  @NestedField(() => ReplayFilter)
  filter!: ReplayFilter;

  /**
   * `true`: tells how many that would be, and sends nothing.
   * @example true
   */
  @OptionalField()
  @IsBoolean()
  dry_run?: boolean;
}

/** What a filter names and is not sent again, by the reason. */
export class NotReplayedView {
  /**
   * Sent again before; the latest replay counts in their place.
   * @example 3
   */
  already_replayed!: number;
  /** @example 0 */
  destination_deleted!: number;
  /**
   * The event is not in the log any more.
   * @example 0
   */
  event_gone!: number;
}

export class ReplayedView {
  /** Whether nothing was done. */
  dry_run!: boolean;
  /**
   * How many are sent again.
   * @example 1234
   */
  count!: number;
  left_out!: NotReplayedView;
}
