import { stringify } from 'csv-stringify/sync';
import type { ExportFormat } from '../log-query.dto.js';

/** A column of a table, and what a row has there. */
export interface ExportColumn<View> {
  name: string;
  value: (view: View) => unknown;
}

/** A row of an export: what the list shows, and the cursor of what follows it. */
export type Exported<View> = View & { cursor: string };

/** Turns rows into the text of an export. */
export interface ExportWriter<View> {
  contentType: string;
  /** Before all rows. */
  head: string;
  write: (rows: readonly Exported<View>[]) => string;
}

/** @param columns of the table; the other form has every field of the rows */
export function exportWriter<View>(format: ExportFormat, columns: readonly ExportColumn<View>[]): ExportWriter<View> {
  if (format === 'ndjson') {
    return {
      contentType: 'application/x-ndjson; charset=utf-8',
      head: '',
      write: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    };
  }
  const all = [...columns, { name: 'cursor', value: ({ cursor }: Exported<View>) => cursor }];
  return {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: toCsv([all.map(({ name }) => name)]),
    write: (rows) => toCsv(rows.map((row) => all.map(({ value }) => toCell(value(row))))),
  };
}

/**
 * By RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe: a ticket's title is anybody's to
 * write (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function toCsv(rows: readonly (readonly unknown[])[]): string {
  return stringify(rows as unknown[][], {
    record_delimiter: 'windows',
    escape_formulas: true,
    // The library asks only for the whole delimiter.
    quoted_match: /[\r\n]/,
  });
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
