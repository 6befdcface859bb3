import { Injectable } from '@nestjs/common';
import { AuditDatabase } from '../database/audit-database.js';
import { fetchPage, type Page } from '../http/page.js';
import { notFound } from '../http/problem.js';
import { LogPages } from './log-pages.js';
import type { DeliveriesQuery, DeliveryFilter, EventFilter, EventsQuery } from './log-query.dto.js';
import { toAttemptView, toDeliveryView, toEventView, toRawView } from './log-views.js';
import type { DeliveryView, EventView } from './log-views.dto.js';
import { selectAttempts } from './sql/select-attempts.js';
import { DELIVERIES, type DeliveryRow, selectDeliveriesOfEvent, selectDelivery } from './sql/select-deliveries.js';
import { type EventRow, EVENTS, selectEvent, selectRaw } from './sql/select-events.js';

/** Answers questions about the log. Reads only. */
@Injectable()
export class AuditService {
  constructor(
    private readonly db: AuditDatabase,
    private readonly pages: LogPages,
  ) {}

  listEvents(query: EventsQuery): Promise<Page<EventView>> {
    return fetchPage('events', query, async (position) =>
      (await this.pages.read<EventRow, EventFilter>(EVENTS, query, position)).map(toEventView),
    );
  }

  /** @throws Problem 404 */
  async getEvent(id: string, include: readonly string[]): Promise<EventView> {
    const row = await selectEvent(this.db, id);
    if (!row) throw notFound('event');
    const view = toEventView(row);
    if (include.includes('raw')) {
      const raw = await selectRaw(this.db, row.webhook_id);
      view.raw = raw ? toRawView(raw.raw_headers, raw.raw_body) : null;
    }
    if (include.includes('deliveries')) {
      view.deliveries = (await selectDeliveriesOfEvent(this.db, id)).map(toDeliveryView);
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
    const row = await selectDelivery(this.db, id);
    if (!row) throw notFound('delivery');
    const view = toDeliveryView(row);
    if (include.includes('attempts')) view.attempts = (await selectAttempts(this.db, id)).map(toAttemptView);
    if (include.includes('event')) {
      const event = await selectEvent(this.db, row.event_id);
      view.event = event ? toEventView(event) : null;
    }
    return view;
  }
}
