import { Injectable } from '@nestjs/common';
import type { AdminCall } from '../changes/admin-call.js';
import { AuditDatabase } from '../database/audit-database.js';
import { fetchPage, type Page } from '../http/page.js';
import { notFound } from '../http/problem.js';
import { RawReads } from '../raw-reads/raw-reads.service.js';
import { LogPages } from './log-pages.js';
import type { DeliveriesQuery, DeliveryFilter, EventFilter, EventsQuery } from './log-query.dto.js';
import { toAttemptView, toDeliveryView, toEventView, toRawView } from './log-views.js';
import type { DeliveryView, EventView, RawView } from './log-views.dto.js';
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
    const row = await selectEvent(this.db, id);
    if (!row) throw notFound('event');
    const view = toEventView(row);
    if (include.includes('raw')) {
      view.raw = await this.rawOf(row);
      if (view.raw) await this.rawReads.record(call, id);
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

  private async rawOf({ webhook_id: webhookId }: EventRow): Promise<RawView | null> {
    const raw = await selectRaw(this.db, webhookId);
    return raw ? toRawView(raw.raw_headers, raw.raw_body) : null;
  }
}
