import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { AuditDatabase } from '../database/audit-database.js';
import { BacklogService } from './backlog.service.js';
import { latencies } from './latencies.js';
import { deliveryCounts, eventCounts, groupBy, outcomesBy, reasonCounts, successRate } from './outcomes.js';
import { type DeliveryCountRow, selectDeliveryCounts } from './sql/select-delivery-counts.js';
import { type EventCountRow, selectEventCounts } from './sql/select-event-counts.js';
import { type LatencyRow, selectLatencies } from './sql/select-latencies.js';
import type { StatisticsBucketView, StatisticsPartView, StatisticsView } from './statistics.dto.js';
import type { StatisticsQuery } from './statistics-query.dto.js';
import { type BucketRange, bucketsOf, settleRange, type StatisticsRange } from './statistics-range.js';

/** What the summaries say of a range. */
interface Summaries {
  deliveries: readonly DeliveryCountRow[];
  latencies: readonly LatencyRow[];
  events: readonly EventCountRow[];
}

/** Counts by the summaries, never by the log. Reads only. */
@Injectable()
export class StatisticsService {
  constructor(
    private readonly db: AuditDatabase,
    private readonly backlog: BacklogService,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem 400 `validation_failed` when `since` is after `until`, `too_many_buckets` */
  async read(query: StatisticsQuery): Promise<StatisticsView> {
    const range = settleRange(query, this.clock.now());
    const buckets = bucketsOf(range);
    const [summaries, backlog] = await Promise.all([this.readSummaries(range), this.backlog.read()]);
    const { deliveries, latencies: latencyRows, events } = summaries;
    const parts = groupBy(deliveries, ({ part }) => part);
    const of = (part: DeliveryCountRow['part']): readonly DeliveryCountRow[] => parts.get(part) ?? [];
    return {
      ...range,
      ...partView(of('reason'), latencyRows, events),
      by_provider: outcomesBy(of('provider'), ({ key }) => ({ provider: key ?? '' })),
      by_source: outcomesBy(of('source'), ({ key, name, provider }) => ({
        source_id: key ?? '',
        name: name ?? '',
        provider: provider ?? '',
      })),
      by_route: outcomesBy(of('route'), ({ key, name }) => ({ route_id: key, name })),
      by_destination: outcomesBy(of('destination'), ({ key, name }) => ({
        destination_id: key ?? '',
        name: name ?? '',
      })),
      by_reason: reasonCounts(of('reason')),
      backlog,
      replica: this.db.replicaStatus ?? null,
      ...(range.bucket !== null && { buckets: bucketViews(buckets, { ...summaries, deliveries: of('bucket') }) }),
    };
  }

  /** One after the other: whoever else asks needs a connection as well. */
  private async readSummaries(range: StatisticsRange): Promise<Summaries> {
    return {
      deliveries: await selectDeliveryCounts(this.db, range),
      latencies: await selectLatencies(this.db, range),
      events: await selectEventCounts(this.db, range),
    };
  }
}

function bucketViews(buckets: readonly BucketRange[], summaries: Summaries): StatisticsBucketView[] {
  const deliveries = groupBy(summaries.deliveries, ({ key }) => Number(key));
  const latencyRows = groupBy(summaries.latencies, ({ bucket }) => bucket);
  const events = groupBy(summaries.events, ({ bucket }) => bucket);
  return buckets.map(({ key, start, until }) => ({
    start,
    until,
    ...partView(deliveries.get(key) ?? [], latencyRows.get(key) ?? [], events.get(key) ?? []),
  }));
}

function partView(
  deliveryRows: readonly DeliveryCountRow[],
  latencyRows: readonly LatencyRow[],
  eventRows: readonly EventCountRow[],
): StatisticsPartView {
  const deliveries = deliveryCounts(deliveryRows);
  return {
    deliveries,
    success_rate: successRate(deliveries),
    latency: latencies(latencyRows),
    events: eventCounts(eventRows),
  };
}
