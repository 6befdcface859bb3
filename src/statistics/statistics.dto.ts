import { ApiProperty } from '@nestjs/swagger';
import { REPLICA_STATES, type ReplicaState } from '../database/replica.js';
import type { Bucket } from './statistics-range.js';

/** Of `DATABASE_REPLICA_URL`. */
export class ReplicaView {
  /** Whether it answers what auditors ask; if not, the primary does. */
  @ApiProperty({ enum: REPLICA_STATES })
  state!: ReplicaState;
  /**
   * By how much it was behind when it was last looked at; null where that cannot be told.
   * @example 0.4
   */
  lag_seconds!: number | null;
}

/** Deliveries by the state in which they ended. */
export class DeliveryCountsView {
  /** @example 1210 */
  total!: number;
  /** @example 1195 */
  delivered!: number;
  /** @example 5 */
  dead!: number;
  /** @example 9 */
  skipped!: number;
  /** @example 1 */
  cancelled!: number;
}

/** Deliveries by the state in which they ended, and how many of those that were to be sent arrived. */
export class DeliveryOutcomesView extends DeliveryCountsView {
  /**
   * Delivered of delivered and dead, 0–1; null where there is neither.
   * @example 0.9958
   */
  success_rate!: number | null;
}

export class ProviderOutcomesView extends DeliveryOutcomesView {
  /** @example 'groove' */
  provider!: string;
}

export class SourceOutcomesView extends DeliveryOutcomesView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e1' */
  source_id!: string;
  /**
   * Also of one that is deleted.
   * @example 'Groove'
   */
  name!: string;
  /** @example 'groove' */
  provider!: string;
}

export class RouteOutcomesView extends DeliveryOutcomesView {
  /**
   * Null for subscribers, who have no route.
   * @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e2'
   */
  route_id!: string | null;
  /**
   * Also of one that is deleted.
   * @example 'Urgent tickets'
   */
  name!: string | null;
}

export class DestinationOutcomesView extends DeliveryOutcomesView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3' */
  destination_id!: string;
  /**
   * Also of one that is deleted.
   * @example 'Support bot'
   */
  name!: string;
}

/** How many deliveries were not delivered, and why. */
export class ReasonCountView {
  /** @example 'dead' */
  state!: string;
  /** @example 'not_found' */
  reason!: string | null;
  /** @example 5 */
  count!: number;
}

/** Milliseconds that so many of a hundred did not exceed, to within 19 %; null where there is nothing. */
export class PercentilesView {
  /** @example 1195 */
  count!: number;
  /** @example 118 */
  p50!: number | null;
  /** @example 204 */
  p90!: number | null;
  /** @example 287 */
  p95!: number | null;
  /** @example 1320 */
  p99!: number | null;
}

export class LatenciesView {
  /** From the acceptance of its webhook, of each delivered delivery. */
  end_to_end_ms!: PercentilesView;
  /** Each attempt, whatever became of it. */
  attempt_ms!: PercentilesView;
}

/** Events by what became of them, counted a little while after they came. */
export class EventCountsView {
  /** @example 1208 */
  accepted!: number;
  /** @example 3 */
  duplicate!: number;
  /** @example 2 */
  unsupported!: number;
  /** @example 0 */
  rejected!: number;
}

/** What waits for a destination, or is being sent to it. */
export class DestinationBacklogView {
  /** @example '019a3d2e-7c41-7e5b-9d8a-52b1f0c6a7e3' */
  destination_id!: string;
  /** @example 'Support bot' */
  name!: string;
  /** @example 42 */
  pending!: number;
  /** @example 1 */
  sending!: number;
  /** When the oldest of the pending ones was accepted. */
  oldest_pending_at!: Date | null;
  /** Whether it is paused as a whole, or disabled: nothing goes out until that ends. */
  paused!: boolean;
}

/** Deliveries that have not ended. */
export class BacklogView {
  /** @example 42 */
  pending!: number;
  /** @example 1 */
  sending!: number;
  oldest_pending_at!: Date | null;
  /** Only those that anything waits for, the one that waits longest first. */
  by_destination!: DestinationBacklogView[];
}

/** What ended, or for events came, in a time. */
export class StatisticsPartView {
  deliveries!: DeliveryCountsView;
  /**
   * Delivered of delivered and dead, 0–1; null where there is neither.
   * @example 0.9958
   */
  success_rate!: number | null;
  latency!: LatenciesView;
  events!: EventCountsView;
}

/** An hour, day or month in UTC, cut off where the whole range begins or ends within it. */
export class StatisticsBucketView extends StatisticsPartView {
  start!: Date;
  /** Before this instant. */
  until!: Date;
}

export class StatisticsView extends StatisticsPartView {
  /** The range that is counted, in whole hours. */
  since!: Date;
  /** Before this instant. */
  until!: Date;
  bucket!: Bucket | null;
  by_provider!: ProviderOutcomesView[];
  /** The thousand with the most, as in each of these lists. */
  by_source!: SourceOutcomesView[];
  by_route!: RouteOutcomesView[];
  by_destination!: DestinationOutcomesView[];
  /** Of what was not delivered. */
  by_reason!: ReasonCountView[];
  /** Now, whatever the range. */
  backlog!: BacklogView;
  /** Null where there is none. */
  @ApiProperty({ type: () => ReplicaView, nullable: true })
  replica!: ReplicaView | null;
  /** Oldest first, those without anything too; only where `bucket` asks for them. */
  buckets?: StatisticsBucketView[];
}
