/** What one filter asks of a row. */
export interface Facet {
  /** Its name in the query. */
  filter: string;
  /** `$` stands for the value's parameter. */
  condition: string;
  /** Undefined where the query does not have the filter. */
  value: unknown;
}
