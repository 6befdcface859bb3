/** A filter of our own. */
export interface LiquidFilter {
  /** Whether its output, where it is the last filter, goes into the text as it is. */
  raw: boolean;
  apply: (value: unknown, ...args: unknown[]) => unknown;
}
