import { addStepCounts, percentileOf, type StepCounts, totalOf } from './percentiles.js';
import type { LatencyRow } from './sql/select-latencies.js';
import type { LatenciesView, PercentilesView } from './statistics.dto.js';

const NOTHING: StepCounts = new Map();

/** @returns how long things took, by kind, in all the rows together */
export function latencies(rows: readonly LatencyRow[]): LatenciesView {
  return { end_to_end_ms: ofKind(rows, 'end_to_end'), attempt_ms: ofKind(rows, 'attempt') };
}

function ofKind(rows: readonly LatencyRow[], wanted: LatencyRow['kind']): PercentilesView {
  const counts = rows
    .filter(({ kind }) => kind === wanted)
    .reduce((sum, row) => addStepCounts(sum, stepCounts(row)), NOTHING);
  const percentile = (percent: number): number | null => percentileOf(counts, percent);
  return {
    count: totalOf(counts),
    p50: percentile(50),
    p90: percentile(90),
    p95: percentile(95),
    p99: percentile(99),
  };
}

function stepCounts({ steps, counts }: LatencyRow): StepCounts {
  return new Map(steps.map((step, index) => [step, counts[index] ?? 0]));
}
