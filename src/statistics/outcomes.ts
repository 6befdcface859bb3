import type { DeliveryCountRow } from './sql/select-delivery-counts.js';
import type { EventCountRow } from './sql/select-event-counts.js';
import type { DeliveryCountsView, DeliveryOutcomesView, EventCountsView, ReasonCountView } from './statistics.dto.js';

/** What a list holds at most: thousands of subscribers are no reading. */
const LONGEST_LIST = 1_000;

type Counted = Pick<DeliveryCountRow, 'state' | 'count'>;

/** @returns how many ended in each state */
export function deliveryCounts(rows: readonly Counted[]): DeliveryCountsView {
  const inState = (wanted: string): number => sum(rows.filter(({ state }) => state === wanted));
  return {
    total: sum(rows),
    delivered: inState('delivered'),
    dead: inState('dead'),
    skipped: inState('skipped'),
    cancelled: inState('cancelled'),
  };
}

/** @returns 0–1; null where nothing was to be sent */
export function successRate({ delivered, dead }: DeliveryCountsView): number | null {
  return delivered + dead === 0 ? null : delivered / (delivered + dead);
}

/**
 * @param rows of one part
 * @param describe what each thing is called, by a row of its
 * @returns the outcomes of each, those with the most first
 */
export function outcomesBy<Description extends object>(
  rows: readonly DeliveryCountRow[],
  describe: (row: DeliveryCountRow) => Description,
): (Description & DeliveryOutcomesView)[] {
  return [...groupBy(rows, ({ key }) => key).values()]
    .map((ofOne) => {
      const counts = deliveryCounts(ofOne);
      return { ...describe(ofOne[0]), ...counts, success_rate: successRate(counts) };
    })
    .sort((one, other) => other.total - one.total)
    .slice(0, LONGEST_LIST);
}

/** @returns why deliveries were not delivered, the most frequent first */
export function reasonCounts(rows: readonly DeliveryCountRow[]): ReasonCountView[] {
  return rows
    .filter(({ state }) => state !== 'delivered')
    .map(({ state, key, count }) => ({ state, reason: key === '' ? null : key, count }))
    .sort((one, other) => other.count - one.count)
    .slice(0, LONGEST_LIST);
}

/** @returns how many events came to each outcome */
export function eventCounts(rows: readonly EventCountRow[]): EventCountsView {
  const withOutcome = (wanted: string): number => sum(rows.filter(({ outcome }) => outcome === wanted));
  return {
    accepted: withOutcome('accepted'),
    duplicate: withOutcome('duplicate'),
    unsupported: withOutcome('unsupported'),
    rejected: withOutcome('rejected'),
  };
}

/** @returns the rows of each key, in their order */
export function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, [Row, ...Row[]]> {
  const groups = new Map<Key, [Row, ...Row[]]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

function sum(rows: readonly { count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}
