import type { Change } from '../changes/change.js';

/** What a row of the log is called in the record of changes: its type and its ticket, no words of people's. */
export function describeRow(
  kind: 'delivery' | 'event',
  id: string,
  type: string,
  ticket: string | null,
): Change['subject'] {
  return { kind, id, name: ticket === null ? type : `${type} of ${ticket}` };
}

/** Rows that a filter names have one entry together, under an id of its own. */
export function describeRows(kind: 'delivery' | 'event', id: string, count: number): Change['subject'] {
  const plural = kind === 'delivery' ? 'deliveries' : 'events';
  return { kind, id, name: count === 1 ? `1 ${kind}` : `${count} ${plural}` };
}
