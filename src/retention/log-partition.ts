import { logTableOf, monthAfter, type PartitionedTable } from '../database/partitions.js';
import { cutOff, type RetentionDays } from './retention-days.js';

/** A month of the log, in whatever state an interrupted removal left it. */
export interface LogPartition {
  name: string;
  table: PartitionedTable;
  /** Its first instant. */
  month: Date;
  /** `detaching`: out of sight, but not yet a table of its own; `detached`: a table of its own. */
  state: 'attached' | 'detaching' | 'detached';
  /** Whether it was us who began to remove it. */
  isMarked: boolean;
}

/** @returns whether the whole month is older than its table is kept */
export function isExpired({ table, month }: LogPartition, days: RetentionDays, now: Date): boolean {
  const before = cutOff(days[logTableOf(table)], now);
  return before !== undefined && monthAfter(month) <= before;
}
