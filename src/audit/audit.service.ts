import { Injectable } from '@nestjs/common';
import type { AdminCall } from '../changes/admin-call.js';
import { AuditDatabase } from '../database/audit-database.js';
import type { Queryable } from '../database/database.js';
import { fetchPage, type Page } from '../http/page.js';
import { notFound } from '../http/problem.js';
import { RawReads } from '../raw-reads/raw-reads.service.js';
import { LogPages } from './log-pages.js';
import type { DeliveriesQuery, DeliveryFilter, EventFilter, EventsQuery } from './log-query.dto.js';
import { toAttemptView, toDeliveryView, toEventView, toRawView } from './log-views.js';
import type { DeliveryView, EventView } from './log-views.dto.js';
import { selectAttempts } from './sql/select-attempts.js';
import { DELIVERIES, type DeliveryRow, selectDeliveriesOfEvent, selectDelivery } from './sql/select-deliveries.js';
import { type EventRow, EVENTS, selectEvent, selectRaw } from './sql/select-events.js';

/** Answers questions about the log. Reads only, and has it noted who saw a webhook word for word. */
@Injectable()
export class AuditService {
  constructor(
    private readonly db: AuditDatabase,
    private readonly pages: LogPages,
    private readonly rawReads: RawReads,
  ) {}

  listEvents(query: EventsQuery): Promise<Page<EventView>> {
    return fetchPage('events', query, async (position) =>
      (await this.pages.read<EventRow, EventFilter>(EVENTS, query, position)).map(toEventView),
    );
  }

  /** @throws Problem 404; DatabaseUnavailableError where it cannot be noted who sees the raw request */
  async getEvent(id: string, include: readonly string[], call: AdminCall): Promise<EventView> {
    const { db, row } = await this.find((from) => selectEvent(from, id));
    if (!row) throw notFound('event');
    const view = toEventView(row);
    if (include.includes('raw')) {
      const raw = await selectRaw(db, row.webhook_id);
      view.raw = raw ? toRawView(raw.raw_headers, raw.raw_body) : null;
      if (view.raw) await this.rawReads.record(call, id);
    }
    if (include.includes('deliveries')) {
      view.deliveries = (await selectDeliveriesOfEvent(db, id)).map(toDeliveryView);
    }
    return view;
  }

  listDeliveries(query: DeliveriesQuery): Promise<Page<DeliveryView>> {
    return fetchPage('deliveries', query, async (position) =>
      (await this.pages.read<DeliveryRow, DeliveryFilter>(DELIVERIES, query, position)).map(toDeliveryView),
    );
  }

  /** @throws Problem 404 */
  async getDelivery(id: string, include: readonly string[]): Promise<DeliveryView> {
    const { db, row } = await this.find((from) => selectDelivery(from, id));
    if (!row) throw notFound('delivery');
    const view = toDeliveryView(row);
    if (include.includes('attempts')) view.attempts = (await selectAttempts(db, id)).map(toAttemptView);
    if (include.includes('event')) {
      const event = await selectEvent(db, row.event_id);
      view.event = event ? toEventView(event) : null;
    }
    return view;
  }

  /** One by its id, from the primary where the replica does not know it yet: it may have come a moment ago. */
  private async find<Row>(select: (db: Queryable) => Promise<Row | undefined>): Promise<{ db: Queryable; row?: Row }> {
    const row = await select(this.db);
    if (row !== undefined || this.db.replicaStatus === undefined)
      return { db: this.db, ...(row !== undefined && { row }) };
    const known = await select(this.db.primary);
    return { db: this.db.primary, ...(known !== undefined && { row: known }) };
  }
}
