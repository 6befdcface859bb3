import { Readable } from 'node:stream';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import { cursorsOf, type Cursors } from '../../http/page.js';
import { Problem } from '../../http/problem.js';
import { LogPages } from '../log-pages.js';
import type { ExportFormat } from '../log-query.dto.js';
import type { LogTable } from '../log-table.js';
import { type ExportColumn, exportWriter } from './export-writer.js';

/** At 10 KB of text a row, 5 MB: all that an export ever holds. */
const BATCH_ROWS = 500;

/** What is exported, and how a row looks. */
export interface ExportOf<Filter, Row, View> {
  list: string;
  table: LogTable<Filter>;
  toView: (row: Row) => View;
  columns: readonly ExportColumn<View>[];
}

interface ExportQuery {
  since?: string;
  until?: string;
  q?: string;
  cursor?: string;
  format: ExportFormat;
}

/** An export as it is answered. */
export interface Export {
  contentType: string;
  stream: Readable;
}

/**
 * Exports all that a query of the log names, newest first, as fast as it is read and no faster. It is read in pages, a
 * statement each: no transaction is open meanwhile, so the clean-up of old months waits for nobody, and what comes after
 * the export began is not part of it.
 */
@Injectable()
export class LogExports implements OnModuleDestroy {
  private readonly open = new Set<Readable>();

  constructor(private readonly pages: LogPages) {}

  /** @throws Problem 400 for a query that no list would take; what the database says of the first rows */
  async start<Filter, Row extends QueryResultRow, View extends { id: string }>(
    what: ExportOf<Filter, Row, View>,
    query: Filter & ExportQuery,
  ): Promise<Export> {
    const cursors = cursorsOf(what.list, query);
    if (cursors.from?.direction === 'prev') {
      throw new Problem(400, 'invalid_cursor', 'cursor: leads to newer rows; an export goes on to older ones.');
    }
    const first = await this.read(what, query, cursors.from?.id);
    const writer = exportWriter(query.format, what.columns);
    const stream = Readable.from(this.write(what, query, cursors, first, writer), { objectMode: false });
    this.open.add(stream);
    stream.once('close', () => this.open.delete(stream));
    return { contentType: writer.contentType, stream };
  }

  /** Whoever reads one sees that it is cut off, and can go on from its last row. */
  onModuleDestroy(): void {
    for (const stream of this.open) stream.destroy(new Error('The gateway is being stopped.'));
  }

  private async *write<Filter, Row extends QueryResultRow, View extends { id: string }>(
    what: ExportOf<Filter, Row, View>,
    query: Filter & ExportQuery,
    cursors: Cursors,
    first: Row[],
    writer: ReturnType<typeof exportWriter<View>>,
  ): AsyncGenerator<string> {
    yield writer.head;
    let rows = first;
    for (;;) {
      const views = rows.map((row) => {
        const view = what.toView(row);
        return { ...view, cursor: cursors.next(view.id) };
      });
      if (views.length > 0) yield writer.write(views);
      if (views.length < BATCH_ROWS) return;
      rows = await this.read(what, query, views.at(-1)?.id);
    }
  }

  private read<Filter, Row extends QueryResultRow, View>(
    { table }: ExportOf<Filter, Row, View>,
    query: Filter & ExportQuery,
    after: string | undefined,
  ): Promise<Row[]> {
    return this.pages.read<Row, Filter & ExportQuery>(table, query, {
      direction: 'next',
      limit: BATCH_ROWS,
      ...(after !== undefined && { id: after }),
    });
  }
}
