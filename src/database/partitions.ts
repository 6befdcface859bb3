/** The log and the words that it is searched by: each partitioned by month of its UUIDv7. */
export const PARTITIONED_TABLES = ['events', 'deliveries', 'attempts', 'event_words', 'delivery_words'] as const;
export type PartitionedTable = (typeof PARTITIONED_TABLES)[number];

/** @returns e.g. `events_2026_03` */
export function partitionName(table: PartitionedTable, month: Date): string {
  return `${table}_${month.toISOString().slice(0, 7).replace('-', '_')}`;
}

/** @returns the first instant of the month that a partition of the table is for; undefined for another table's */
export function monthOf(table: PartitionedTable, partition: string): Date | undefined {
  const month = new RegExp(`^${table}_(\\d{4})_(\\d{2})$`).exec(partition);
  return month ? new Date(`${String(month[1])}-${String(month[2])}-01T00:00:00Z`) : undefined;
}

/** @returns the first instant of the month so many months away */
export function monthAt(instant: Date, monthsAway: number): Date {
  return new Date(Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth() + monthsAway, 1));
}

/** @returns the first instant of the next month */
export function monthAfter(month: Date): Date {
  return monthAt(month, 1);
}

/** @returns the table that words belong to, which live as long as its rows; any other table itself */
export function logTableOf(table: PartitionedTable): 'events' | 'deliveries' | 'attempts' {
  if (table === 'event_words') return 'events';
  return table === 'delivery_words' ? 'deliveries' : table;
}

/** @returns the bounds of a month's partition as SQL has them: `from ('…') to ('…')` */
export function partitionBounds(month: Date): string {
  return `from ('${lowestId(month)}') to ('${lowestId(monthAfter(month))}')`;
}

/** @returns the lowest UUID that version 7 gives to an instant: 48 bits of Unix milliseconds, then zeros (RFC 9562, 5.7). */
export function lowestId(instant: Date): string {
  const hex = instant.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** @returns the instant that a UUIDv7 begins with */
export function idInstant(id: string): Date {
  return new Date(parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** @returns the instant that a UUIDv7 begins with, to the millisecond */
export function timeOf(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}
