import { OmitType } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { EventFilter } from '../audit/log-query.dto.js';
import { NestedField } from '../http/nested-field.js';
import { OptionalField } from '../http/optional-field.js';

/** Which of the events that matched nothing are routed again. */
export class RoutingFilter extends OmitType(EventFilter, ['outcome', 'matched'] as const) {}

export class RouteAllBody {
  /** As for the list; it must name something. Only accepted events that matched nothing are looked at. */
  @NestedField(() => RoutingFilter)
  filter!: RoutingFilter;

  /**
   * `true`: tells what would come of it, and does nothing.
   * @example true
   */
  @OptionalField()
  @IsBoolean()
  dry_run?: boolean;
}

export class RoutedView {
  /**
   * How many events the routes were asked for.
   * @example 40
   */
  events!: number;
  /**
   * How many of them match now; the others stay as they are.
   * @example 38
   */
  matched!: number;
  /**
   * How many deliveries that makes.
   * @example 41
   */
  deliveries!: number;
}

/** What a filter names and is not routed, by the reason. */
export class NotRoutedView {
  /**
   * Routed meanwhile by another request.
   * @example 0
   */
  already_matched!: number;
  /**
   * What it said is not in the log any more.
   * @example 0
   */
  event_gone!: number;
}

export class RoutedAllView extends RoutedView {
  /** Whether nothing was done. */
  dry_run!: boolean;
  left_out!: NotRoutedView;
}
