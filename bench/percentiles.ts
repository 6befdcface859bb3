/** The middle and the ends of a set of measurements, in their own unit. */
export interface Spread {
  runs: number;
  min: number;
  p50: number;
  p99: number;
  max: number;
}

/** @param values at least one */
export function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return { runs: sorted.length, min: at(0), p50: at(0.5), p99: at(0.99), max: at(1) };
}

export function isSpread(value: unknown): value is Spread {
  return typeof value === 'object' && value !== null && 'runs' in value && 'p50' in value && 'max' in value;
}

function round(value: number | undefined): number {
  return Math.round((value ?? Number.NaN) * 100) / 100;
}
